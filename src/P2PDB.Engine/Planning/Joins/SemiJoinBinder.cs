using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Planning.Joins;

// UNNESTING
//
// A conjunct of WHERE that is [NOT] EXISTS (query), x [NOT] IN (query), x = ANY (query) or x <> ALL (query) asks whether partners exist.
// Where the query does nothing but join and filter, and reads the row it stands for, its FROM clause becomes part of the block and
// the conjunct a semi join or an anti join, which the planner can do by an index or by a hash table. The conjunct must be true for a row to
// pass, so false and NULL are one to a semi join. NOT IN is true only where every comparison is false: partners of its anti join are
// the rows whose comparison is not false.
//
// Other queries stay expressions. So does IN of a query that reads nothing of the row: its values are a set made once.

/// <summary>Takes the conditions of a WHERE clause that can be semi joins; see the prose above.</summary>
internal sealed class SemiJoinBinder(QueryBlock block, ExpressionBinder binder, BindingContext context, QueryPlanner planner)
{
    /// <summary>Takes what can be a semi join out of the conditions.</summary>
    public List<SemiJoin> Take(List<ExpressionNode> conditions)
    {
        List<SemiJoin> joins = [];
        if (context.Names is not null)
            return joins;
        for (int i = 0; i < conditions.Count; i++)
        {
            if (Question.Of(conditions[i]) is not { } question || !IsJoin(question))
                continue;
            joins.Add(Bind(question));
            conditions.RemoveAt(i--);
        }

        return joins;
    }

    /// <summary>What a condition asks a query for: rows, or rows with some values.</summary>
    private sealed record Question(Query Query, ExpressionNode[] Values, bool IsNegated)
    {
        public SelectBody Select => (SelectBody)Query.Body;

        /// <summary>The question that a condition is, or null.</summary>
        public static Question? Of(ExpressionNode condition) => condition switch
        {
            ExistsNode n => new Question(n.Query, [], false),
            InQueryNode { Value: RowNode row } n => new Question(n.Query, row.Items, n.IsNegated),
            InQueryNode n => new Question(n.Query, [n.Value], n.IsNegated),
            QuantifiedComparisonNode { Operator: BinaryOperator.Equal, IsAll: false } n => new Question(n.Query, [n.Left], false),
            QuantifiedComparisonNode { Operator: BinaryOperator.NotEqual, IsAll: true } n => new Question(n.Query, [n.Left], true),
            UnaryNode { Operator: UnaryOperator.Not } n when Of(n.Operand) is { } inner => inner with { IsNegated = !inner.IsNegated },
            _ => null,
        };
    }

    /// <summary>Binds the FROM clause into the block for good: only once <see cref="IsJoin"/> has found nothing against it.</summary>
    private SemiJoin Bind(Question question)
    {
        SelectBody select = question.Select;
        List<Relation> outside = block.EnterScope();
        FromGroup inner = new FromBinder(block, context, planner).Bind(select.From);
        List<Relation> own = block.Named;
        block.LeaveScope(outside);
        inner.IsOrdered |= (select.Options & SelectOptions.StraightJoin) != 0;

        List<ExpressionNode> conditions = [];
        AstWalker.SplitConjunction(select.Where, conditions);
        foreach (ExpressionNode condition in conditions)
            block.PinOwn(condition, own);
        List<ExpressionNode> equalities = [];
        for (int i = 0; i < select.Items.Length; i++)
        {
            if (question.Values.Length == 0)
            {
                BindLiteral(select.Items[i].Expression);
                continue;
            }

            block.PinOwn(select.Items[i].Expression!, own);
            equalities.Add(new BinaryNode(BinaryOperator.Equal, question.Values[i], select.Items[i].Expression!));
        }

        if (question.IsNegated && equalities.Exists(MayBeNull))
            conditions.Add(new IsNode(AstWalker.JoinConjunction(equalities)!, TruthTest.False, IsNegated: true));
        else
            conditions.AddRange(equalities);

        return new SemiJoin(inner, conditions, question.IsNegated);
    }

    /// <summary>EXISTS does not look at literals, but a plan serves other literals only where each was bound.</summary>
    private void BindLiteral(ExpressionNode? item)
    {
        if (item is not null and not ColumnNode)
            binder.Bind(item);
    }

    private bool MayBeNull(ExpressionNode equality)
    {
        binder.Clause = "where clause";
        return binder.Bind(equality).IsNullable;
    }

    /// <summary>
    /// True for a query that does nothing but join and filter, and whose names can be told apart from the block's. It is looked at in a
    /// block of its own, so that one that stays an expression leaves no trace.
    /// </summary>
    private bool IsJoin(Question question)
    {
        const SelectOptions Harmless = SelectOptions.Distinct | SelectOptions.All | SelectOptions.StraightJoin;
        if (SubqueryForm.Plain(question.Query) is not { } select || (select.Options & ~Harmless) != 0
            || !IsHarmless(question) || Array.Exists(question.Values, IsBarrier)
            || !Array.TrueForAll(select.From, source => SubqueryForm.ReadsTablesOnly(source, planner)))
        {
            return false;
        }

        var trial = new QueryBlock(block);
        new FromBinder(trial, context, planner).Bind(select.From);
        if (block.Relations.Count + trial.Relations.Count > QueryBlock.RelationCountMax
            || !Array.TrueForAll(select.From, source => SubqueryForm.IsWithin(source, trial)))
        {
            return false;
        }

        // Binding finds errors as the query's own would, and says whether rows are read that the query stands for.
        var trialBinder = new ExpressionBinder(trial, context) { Clause = "where clause" };
        bool isRepeatable = select.Where is null || trialBinder.BindCondition(select.Where).IsRepeatable;
        trialBinder.Clause = "field list";
        foreach (SelectItem item in select.Items)
        {
            if (item.Expression is { } expression)
                isRepeatable &= trialBinder.Bind(expression).IsRepeatable;
            else if (item.StarTable is { } table)
                trial.ResolveStar(table);
        }

        return isRepeatable && trial.IsCorrelated;
    }

    /// <summary>True where the query's select list and LIMIT do not change the answer.</summary>
    private static bool IsHarmless(Question question)
    {
        SelectItem[] items = question.Select.Items;
        if (AstWalker.Any(question.Select.Where, IsBarrier))
            return false;
        if (question.Values.Length > 0)
        {
            return question.Query.Limit is null && items.Length == question.Values.Length
                && Array.TrueForAll(items, item => !item.IsStar && !AstWalker.Any(item.Expression, IsBarrier));
        }

        return question.Query.Limit is null or { Count: IntegerLiteral { Value: > 0 }, Offset: null }
            && Array.TrueForAll(items, item => item.IsStar || item.Expression
                is ColumnNode or IntegerLiteral or DecimalLiteral or StringLiteral or BooleanLiteral or NullLiteral);
    }

    private static bool IsBarrier(ExpressionNode node) => node is AggregateNode || SubqueryForm.IsBarrier(node);
}
