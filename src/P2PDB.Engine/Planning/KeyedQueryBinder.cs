using P2PDB.Engine.Expressions;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

// CORRELATED QUERIES BY KEY
//
// (SELECT AVG(x) FROM t WHERE t.k = outer.k AND rest) is the same for all rows with one outer.k. Without the equality, with k in the
// select list and, where there is an aggregate, grouped by k, the query reads no outer row and gives the answers for every k at
// once. It is planned beside the correlated one, and Execution turns to it when it has paid its price in single runs: so neither a few rows
// with an index nor many rows without one cost more than twice what the better way would.

/// <summary>Frees a correlated query of the row it stands for, where equalities are all that ties it to the row.</summary>
internal sealed class KeyedQueryBinder(ExpressionBinder binder, BindingContext context)
{
    /// <summary>The query by key; null where something else ties it to the row. <paramref name="planned"/> is its correlated plan.</summary>
    public KeyedQuery? TryBind(Query query, SubqueryKind kind, PlannedQuery planned)
    {
        var planner = new QueryPlanner(context, binder.NamedQueries);
        if (context.Names is not null || binder.Aliases is not null || binder.Block.IsOfView(query) || query.Limit is not null
            || SubqueryForm.Plain(query) is not { } select || (select.Options & ~SelectOptions.All) != 0
            || AstWalker.Any(select.Where, SubqueryForm.IsBarrier)
            || !Array.TrueForAll(select.From, source => SubqueryForm.ReadsTablesOnly(source, planner)))
        {
            return null;
        }

        var trial = new QueryBlock(binder.Block);
        new FromBinder(trial, context, planner).Bind(select.From);
        if (!Array.TrueForAll(select.From, source => SubqueryForm.IsWithin(source, trial)) || !IsAnswer(select, kind, trial))
            return null;

        List<ExpressionNode> inner = [];
        List<ExpressionNode> rest = [];
        List<Expression> outerKeys = [];
        List<Expression> innerKeys = [];
        List<ExpressionNode> conditions = [];
        AstWalker.SplitConjunction(select.Where, conditions);
        var trialBinder = new ExpressionBinder(trial, context) { Clause = "where clause" };
        foreach (ExpressionNode condition in conditions)
        {
            if (!SubqueryForm.ReadsOutside(condition, trial))
            {
                rest.Add(condition);
                continue;
            }

            if (Sides(condition, trial) is not var (own, other))
                return null;
            Expression outerKey = binder.Bind(other);
            Expression column = new ColumnExpression(inner.Count, trialBinder.Bind(own).Type);
            Expression innerKey = column;
            if (!JoinKey.TryAlign(ref outerKey, ref innerKey) || !KeepsGroups(column, innerKey))
                return null;
            inner.Add(own);
            outerKeys.Add(outerKey);
            innerKeys.Add(innerKey);
        }

        if (inner.Count == 0)
            return null;
        PlannedQuery all = planner.Plan(Rewrite(select, kind, inner, rest), binder.Block);
        return all.IsCorrelated ? null : new KeyedQuery(all.Root, [.. outerKeys], [.. innerKeys])
        {
            RunCount = Math.Max(1, PlanCost.Of(all.Root) / PlanCost.Of(planned.Root)),
        };
    }

    /// <summary>True where what the query is asked for does not depend on the row itself.</summary>
    private static bool IsAnswer(SelectBody select, SubqueryKind kind, QueryBlock trial) => kind == SubqueryKind.Exists
        ? !Array.Exists(select.Items, item => AstWalker.HasAggregate(item.Expression))
        : select.Items is [{ IsStar: false, Expression: { } answer }]
            && !AstWalker.Any(answer, SubqueryForm.IsBarrier) && !SubqueryForm.ReadsOutside(answer, trial);

    /// <summary>The sides of an equality of which one is the query's own and the other the row's.</summary>
    private static (ExpressionNode Own, ExpressionNode Other)? Sides(ExpressionNode condition, QueryBlock trial)
    {
        if (condition is not BinaryNode { Operator: BinaryOperator.Equal, Left: { } left, Right: { } right })
            return null;
        if (SubqueryForm.ReadsInside(right, trial))
            (left, right) = (right, left);
        bool areApart = SubqueryForm.ReadsInside(left, trial) && !SubqueryForm.ReadsOutside(left, trial) && !SubqueryForm.ReadsInside(right, trial);
        return areApart ? (left, right) : null;
    }

    /// <summary>
    /// True where values that the comparison takes for equal are in one group, and no others: not so where it compares in a coarser type
    /// or collation than the column's own.
    /// </summary>
    private static bool KeepsGroups(Expression column, Expression key) => ReferenceEquals(column, key)
        || (key.Type.Kind == SqlTypeKind.Decimal && (column.Type.IsInteger || column.Type.Kind == SqlTypeKind.Decimal));

    private static Query Rewrite(SelectBody select, SubqueryKind kind, List<ExpressionNode> keys, List<ExpressionNode> rest)
    {
        List<SelectItem> items = keys.ConvertAll(static key => new SelectItem(key, null, null, null));
        bool isExists = kind == SubqueryKind.Exists;
        bool isGrouped = !isExists && AstWalker.HasAggregate(select.Items[0].Expression);
        if (!isExists)
            items.Add(select.Items[0]);
        return new Query(null, select with
        {
            Options = isExists ? SelectOptions.Distinct : select.Options,
            Items = [.. items],
            Where = AstWalker.JoinConjunction(rest),
            GroupBy = isGrouped ? [.. keys] : [],
        });
    }
}
