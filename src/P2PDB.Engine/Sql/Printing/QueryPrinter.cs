using System.Text;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Printing;

/// <summary>Writes query trees as canonical SQL. Some rare clauses are not written yet: NotSupportedException.</summary>
internal static class QueryPrinter
{
    /// <summary>Appends (query).</summary>
    public static void InParentheses(StringBuilder text, Query query)
    {
        text.Append('(');
        Print(text, query);
        text.Append(')');
    }

    /// <summary>Appends the query.</summary>
    public static void Print(StringBuilder text, Query query)
    {
        if (query.With is not null || query.Into is not null)
            throw new NotSupportedException("WITH, INTO");
        Body(text, query.Body);
        OrderBy(text, query.OrderBy);
        if (query.Limit is { } limit)
        {
            text.Append(" LIMIT ");
            ExpressionPrinter.Print(text, limit.Count);
            if (limit.Offset is { } offset)
            {
                text.Append(" OFFSET ");
                ExpressionPrinter.Print(text, offset);
            }
        }

        foreach (LockingClause locking in query.Locking)
        {
            text.Append(locking.IsExclusive ? " FOR UPDATE" : " FOR SHARE");
            if (locking.Tables.Length > 0)
            {
                text.Append(" OF ");
                Names(text, locking.Tables);
            }

            text.Append(locking.Wait switch { LockWait.NoWait => " NOWAIT", LockWait.SkipLocked => " SKIP LOCKED", _ => string.Empty });
        }
    }

    /// <summary>Appends ORDER BY where there are items.</summary>
    public static void OrderBy(StringBuilder text, OrderItem[] items)
    {
        for (int i = 0; i < items.Length; i++)
        {
            text.Append(i == 0 ? " ORDER BY " : ", ");
            ExpressionPrinter.Print(text, items[i].Expression);
            if (items[i].IsDescending)
                text.Append(" DESC");
        }
    }

    /// <summary>Appends OVER.</summary>
    public static void Over(StringBuilder text, WindowReference over)
    {
        text.Append(" OVER ");
        if (over.Name is { } name)
            ExpressionPrinter.Name(text, name);
        else
            Window(text, over.Specification!);
    }

    private static void Names(StringBuilder text, string[] names)
    {
        for (int i = 0; i < names.Length; i++)
        {
            text.Append(i == 0 ? string.Empty : ", ");
            ExpressionPrinter.Name(text, names[i]);
        }
    }

    private static void Window(StringBuilder text, WindowSpecification window)
    {
        if (window.Frame is not null)
            throw new NotSupportedException("frame");
        text.Append('(');
        if (window.BaseName is { } name)
            ExpressionPrinter.Name(text, name);
        if (window.PartitionBy.Length > 0)
        {
            text.Append(" PARTITION BY ");
            ExpressionPrinter.List(text, window.PartitionBy);
        }

        OrderBy(text, window.OrderBy);
        text.Append(')');
    }

    private static void Body(StringBuilder text, QueryBody body)
    {
        switch (body)
        {
            case SelectBody select:
                Select(text, select);
                break;
            case SetOperationBody operation:
                Operand(text, operation.Left);
                text.Append(' ').Append(operation.Operator.ToString().ToUpperInvariant()).Append(operation.IsAll ? " ALL " : " ");
                Operand(text, operation.Right);
                break;
            case NestedBody nested:
                InParentheses(text, nested.Query);
                break;
            case TableBody table:
                text.Append("TABLE ");
                ExpressionPrinter.Name(text, table.Name);
                break;
            case ValuesBody values:
                text.Append("VALUES ");
                for (int i = 0; i < values.Rows.Length; i++)
                {
                    text.Append(i == 0 ? "ROW(" : ", ROW(");
                    ExpressionPrinter.List(text, values.Rows[i]);
                    text.Append(')');
                }

                break;
            default:
                throw new NotSupportedException(body.GetType().Name);
        }
    }

    private static void Operand(StringBuilder text, QueryBody body)
    {
        bool isNested = body is NestedBody;
        text.Append(isNested ? string.Empty : "(");
        Body(text, body);
        text.Append(isNested ? string.Empty : ")");
    }

    private static void Select(StringBuilder text, SelectBody select)
    {
        if (select.Windows.Length > 0 || (select.Options & ~(SelectOptions.Distinct | SelectOptions.All)) != 0)
            throw new NotSupportedException("WINDOW, options");
        text.Append(select.Options.HasFlag(SelectOptions.Distinct) ? "SELECT DISTINCT " : "SELECT ");
        for (int i = 0; i < select.Items.Length; i++)
        {
            text.Append(i == 0 ? string.Empty : ", ");
            Item(text, select.Items[i]);
        }

        for (int i = 0; i < select.From.Length; i++)
        {
            text.Append(i == 0 ? " FROM " : ", ");
            Source(text, select.From[i]);
        }

        Clause(text, " WHERE ", select.Where);
        if (select.GroupBy.Length > 0)
        {
            text.Append(" GROUP BY ");
            ExpressionPrinter.List(text, select.GroupBy);
            text.Append(select.HasRollup ? " WITH ROLLUP" : string.Empty);
        }

        Clause(text, " HAVING ", select.Having);
    }

    private static void Clause(StringBuilder text, string word, ExpressionNode? condition)
    {
        if (condition is null)
            return;
        text.Append(word);
        ExpressionPrinter.Print(text, condition);
    }

    private static void Item(StringBuilder text, SelectItem item)
    {
        if (item.Expression is { } expression)
        {
            ExpressionPrinter.Print(text, expression);
        }
        else
        {
            if (item.StarTable is { } table)
            {
                ExpressionPrinter.Name(text, table);
                text.Append('.');
            }

            text.Append('*');
        }

        if (item.Alias is { } alias)
        {
            text.Append(" AS ");
            ExpressionPrinter.Name(text, alias);
        }
    }

    private static void Source(StringBuilder text, TableSource source)
    {
        switch (source)
        {
            case NamedTable { Hints.Length: 0, Partitions.Length: 0 } table:
                ExpressionPrinter.Name(text, table.Name);
                if (table.Alias is { } alias)
                {
                    text.Append(" AS ");
                    ExpressionPrinter.Name(text, alias);
                }

                break;
            case DerivedTable derived:
                text.Append(derived.IsLateral ? "LATERAL " : string.Empty);
                InParentheses(text, derived.Query);
                text.Append(" AS ");
                ExpressionPrinter.Name(text, derived.Alias);
                if (derived.Columns.Length > 0)
                {
                    text.Append(" (");
                    Names(text, derived.Columns);
                    text.Append(')');
                }

                break;
            case JoinedTable join:
                Join(text, join);
                break;
            default:
                throw new NotSupportedException(source.GetType().Name);
        }
    }

    private static void Join(StringBuilder text, JoinedTable join)
    {
        text.Append('(');
        Source(text, join.Left);
        text.Append(join.IsNatural ? " NATURAL" : string.Empty).Append(join.Kind switch
        {
            JoinKind.Left => " LEFT JOIN ",
            JoinKind.Right => " RIGHT JOIN ",
            JoinKind.Straight => " STRAIGHT_JOIN ",
            _ => " JOIN ",
        });
        Source(text, join.Right);
        Clause(text, " ON ", join.On);
        if (join.Using.Length > 0)
        {
            text.Append(" USING (");
            Names(text, join.Using);
            text.Append(')');
        }

        text.Append(')');
    }
}
