using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Printing;

/// <summary>Writes query trees as canonical SQL. Some rare clauses are not written yet: NotSupportedException.</summary>
internal static class QueryPrinter
{
    private const int BareUnionMax = 8;
    private const int NameLengthMax = 64;

    private static readonly (SelectOptions Option, string Word)[] OptionWords =
    [
        (SelectOptions.StraightJoin, "straight_join "), (SelectOptions.HighPriority, "high_priority "),
        (SelectOptions.Distinct, "distinct "), (SelectOptions.SmallResult, "sql_small_result "),
        (SelectOptions.BigResult, "sql_big_result "), (SelectOptions.BufferResult, "sql_buffer_result "),
        (SelectOptions.NoCache, "sql_no_cache "), (SelectOptions.CalculateFoundRows, "sql_calc_found_rows "),
    ];

    /// <summary>Appends the query.</summary>
    public static void Print(SqlText text, Query query) => Print(text, query, isExpression: false);

    /// <summary>Appends (query), where the query stands in an expression: names of its columns do not matter.</summary>
    public static void Subquery(SqlText text, Query query)
    {
        text.Append('(');
        Print(text, query, isExpression: true);
        text.Append(')');
    }

    /// <summary>Appends ORDER BY where there are items.</summary>
    public static void OrderBy(SqlText text, OrderItem[] items)
    {
        for (int i = 0; i < items.Length; i++)
        {
            text.Append(i == 0 ? " order by " : ",");
            ExpressionPrinter.Print(text, items[i].Expression);
            if (items[i].IsDescending)
                text.Append(" desc");
        }
    }

    private static void InParentheses(SqlText text, Query query)
    {
        text.Append('(');
        Print(text, query);
        text.Append(')');
    }

    private static void Print(SqlText text, Query query, bool isExpression)
    {
        if (query.Into is not null)
            throw new NotSupportedException("INTO");
        if (query.With is { } with)
            With(text, with);
        // ORDER BY reads the sources of a SELECT that it belongs to.
        if (query.Body is SelectBody select)
            text.EnterSelect(select);
        Body(text, query.Body, isExpression);
        OrderBy(text, query.OrderBy);
        if (query.Body is SelectBody)
            text.LeaveSelect();
        if (query.Limit is { } limit)
        {
            text.Append(" limit ");
            if (limit.Offset is { } offset)
            {
                ExpressionPrinter.Print(text, offset);
                text.Append(',');
            }

            ExpressionPrinter.Print(text, limit.Count);
        }

        foreach (LockingClause locking in query.Locking)
            Locking(text, locking);
        if (query.With is not null)
            text.LeaveWith();
    }

    private static void With(SqlText text, WithClause with)
    {
        text.EnterWith(with);
        text.Append(with.IsRecursive ? "with recursive " : "with ");
        for (int i = 0; i < with.Queries.Length; i++)
        {
            NamedQuery query = with.Queries[i];
            text.Append(i == 0 ? "" : ", ").Name(query.Name);
            NameList(text, query.Columns);
            text.Append(" as ");
            InParentheses(text, query.Query);
        }

        text.Append(' ');
    }

    private static void Locking(SqlText text, LockingClause locking)
    {
        text.Append(locking.IsExclusive ? " for update" : " for share");
        if (locking.Tables.Length > 0)
        {
            text.Append(" of ");
            Names(text, locking.Tables);
        }

        text.Append(locking.Wait switch { LockWait.NoWait => " nowait", LockWait.SkipLocked => " skip locked", _ => "" });
    }

    private static void Names(SqlText text, string[] names)
    {
        for (int i = 0; i < names.Length; i++)
            text.Append(i == 0 ? "" : ",").Name(names[i]);
    }

    /// <summary>Appends (names) where there are any.</summary>
    private static void NameList(SqlText text, string[] names)
    {
        if (names.Length == 0)
            return;
        text.Append(" (");
        Names(text, names);
        text.Append(')');
    }

    private static void Body(SqlText text, QueryBody body, bool isExpression)
    {
        switch (body)
        {
            case SelectBody select:
                Select(text, select, isExpression);
                break;
            case SetOperationBody operation:
                Operand(text, operation.Left, isFirst: true);
                text.Append(' ').Append(operation.Operator.ToString().ToLowerInvariant()).Append(operation.IsAll ? " all " : " ");
                Operand(text, operation.Right, isFirst: false);
                break;
            case NestedBody nested:
                InParentheses(text, nested.Query);
                break;
            case TableBody table:
                text.Append("table ");
                text.Table(table.Name);
                break;
            case ValuesBody values:
                text.Append("values ");
                for (int i = 0; i < values.Rows.Length; i++)
                {
                    text.Append(i == 0 ? "row(" : ",row(");
                    ExpressionPrinter.List(text, values.Rows[i]);
                    text.Append(')');
                }

                break;
            default:
                throw new NotSupportedException(body.GetType().Name);
        }
    }

    // Unions go from the left without parentheses, as long as they read back as the same tree: long ones are balanced by the parser.
    private static void Operand(SqlText text, QueryBody body, bool isFirst)
    {
        bool isBare = body is NestedBody or SelectBody || (isFirst && IsShortUnion(body, BareUnionMax));
        text.Append(isBare ? "" : "(");
        if (body is SelectBody select)
            text.EnterSelect(select);
        Body(text, body, isExpression: false);
        if (body is SelectBody)
            text.LeaveSelect();
        text.Append(isBare ? "" : ")");
    }

    private static bool IsShortUnion(QueryBody body, int countMax) =>
        body is SetOperationBody { Operator: SetOperator.Union, Right: SelectBody or NestedBody } union && countMax > 0
        && (union.Left is SelectBody or NestedBody || IsShortUnion(union.Left, countMax - 1));

    private static void Select(SqlText text, SelectBody select, bool isExpression)
    {
        text.Append("select ");
        foreach ((SelectOptions option, string word) in OptionWords)
            text.Append((select.Options & option) != 0 ? word : "");
        SelectItem[] items = text.Names?.Items.GetValueOrDefault(select) ?? select.Items;
        for (int i = 0; i < items.Length; i++)
        {
            text.Append(i == 0 ? "" : ",");
            Item(text, items[i], isExpression);
        }

        for (int i = 0; i < select.From.Length; i++)
        {
            text.Append(i == 0 ? " from " : ",");
            Source(text, select.From[i]);
        }

        Clause(text, " where ", select.Where);
        if (select.GroupBy.Length > 0)
        {
            text.Append(" group by ");
            ExpressionPrinter.List(text, select.GroupBy);
            text.Append(select.HasRollup ? " with rollup" : "");
        }

        Clause(text, " having ", select.Having);
        WindowPrinter.Named(text, select.Windows);
    }

    private static void Clause(SqlText text, string word, ExpressionNode? condition)
    {
        if (condition is null)
            return;
        text.Append(word);
        ExpressionPrinter.Print(text, condition);
    }

    private static void Item(SqlText text, SelectItem item, bool isExpression)
    {
        if (item.Expression is { } expression)
        {
            ExpressionPrinter.Print(text, expression);
        }
        else
        {
            if (item.StarTable is { } table)
            {
                text.Table(table);
                text.Append('.');
            }

            text.Append('*');
        }

        // A name that was made up of the expression's text may be none that an alias can have; then nobody can have used it.
        bool isMadeUp = text.Names is not null && item.Text is not null && item.Alias is null or { Length: 0 or > NameLengthMax };
        if (item.Alias is { } alias && !isMadeUp && !(isExpression && text.Names is not null))
            text.Append(" AS ").Name(alias);
    }

    private static void Source(SqlText text, TableSource source)
    {
        switch (source)
        {
            case NamedTable { Partitions.Length: 0 } table:
                text.Table(table.Name);
                if (table.Alias is { } alias)
                    text.Append(' ').Name(alias);
                foreach (IndexHint hint in table.Hints)
                    Hint(text, hint);
                break;
            case DerivedTable derived:
                text.Append(derived.IsLateral ? "lateral " : "");
                InParentheses(text, derived.Query);
                text.Append(' ').Name(derived.Alias);
                NameList(text, derived.Columns);
                break;
            case JoinedTable join:
                Join(text, join);
                break;
            default:
                throw new NotSupportedException(source.GetType().Name);
        }
    }

    private static void Hint(SqlText text, IndexHint hint)
    {
        text.Append(' ').Append(hint.Kind.ToString().ToLowerInvariant()).Append(" index ").Append(hint.Scope switch
        {
            IndexHintScope.Join => "for join ",
            IndexHintScope.OrderBy => "for order by ",
            IndexHintScope.GroupBy => "for group by ",
            _ => "",
        }).Append('(');
        Names(text, hint.Indexes);
        text.Append(')');
    }

    private static void Join(SqlText text, JoinedTable join)
    {
        bool isResolved = text.Names?.Conditions.ContainsKey(join) == true;
        ExpressionNode? on = isResolved ? text.Names!.Conditions[join] : join.On;
        text.Append('(');
        Source(text, join.Left);
        text.Append(join.IsNatural && !isResolved ? " natural" : "").Append(join.Kind switch
        {
            JoinKind.Left => " left join ",
            JoinKind.Right => " right join ",
            JoinKind.Straight => " straight_join ",
            _ => " join ",
        });
        Source(text, join.Right);
        if (on is not null)
        {
            text.Append(" on(");
            ExpressionPrinter.Print(text, on);
            text.Append(')');
        }

        if (join.Using.Length > 0 && !isResolved)
        {
            text.Append(" using");
            NameList(text, join.Using);
        }

        text.Append(')');
    }
}
