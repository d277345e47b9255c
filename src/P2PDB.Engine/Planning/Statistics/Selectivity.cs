using P2PDB.Engine.Expressions;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning.Statistics;

/// <summary>
/// Which share of a table's rows meets conditions. Those whose values are known are evaluated over the table's sample, together, so
/// that what depends on each other is counted once; for the others there are guesses.
/// </summary>
internal sealed class Selectivity(QueryBlock block, ExpressionBinder binder, BindingContext context)
{
    private const double OfEquality = 0.1;
    private const double OfRange = 0.3;
    private const double OfOther = 0.5;

    private readonly int[] _positions = new int[RowBatch.RowCountMax];

    /// <summary>What a condition on several relations is thought to leave of their pairs, other than an equality.</summary>
    public const double OfPairs = 0.3;

    /// <summary>The share of the rows of a table that meet all conditions; each of them reads that table alone.</summary>
    public double Of(FromLeaf leaf, List<Conjunct> conditions)
    {
        if (conditions.Count == 0 || leaf.Table is not { } table)
            return GuessAll(null, leaf, conditions);
        TableStatistics statistics = context.Tables.Statistics(table);
        // All are bound before the first is tried: binding may add slots to the row.
        List<Conjunct> known = conditions.FindAll(condition =>
            !condition.HasSubquery && IsKnown(Bound(condition)) && ReadsSampled(Bound(condition), leaf));
        if (statistics.Sample.RowCount == 0)
            known.Clear();
        RowBatch batch = View(statistics, leaf.Relation);
        bool isTried = false;
        List<Conjunct> unknown = [];
        foreach (Conjunct condition in conditions)
        {
            if (known.Contains(condition) && TryNarrow(condition.Bound!, batch))
                isTried = true;
            else
                unknown.Add(condition);
        }

        double share = GuessAll(statistics, leaf, unknown);
        if (!isTried)
            return share;
        return share * (batch.SelectedCount > 0
            ? (double)batch.SelectedCount / statistics.Sample.RowCount
            : ShareOfNone(statistics, leaf, conditions));
    }

    /// <summary>The condition, bound once.</summary>
    public Expression Bound(Conjunct condition)
    {
        if (condition.Bound is null)
        {
            binder.Clause = "where clause";
            condition.Bound = binder.BindCondition(condition.Node);
        }

        return condition.Bound;
    }

    /// <summary>The column of the relation that the expression is; -1 where it is something else.</summary>
    public int ColumnOf(ExpressionNode node, Relation relation) =>
        node is ColumnNode column && block.FindHere(column, "where clause") is { } binding && binding.Relation == relation
            ? binding.Ordinal : -1;

    /// <summary>Nothing in the sample meets the conditions: half a row of it, or less where an equality is known to be rarer.</summary>
    private double ShareOfNone(TableStatistics statistics, FromLeaf leaf, List<Conjunct> conditions)
    {
        double share = 0.5 / statistics.Sample.RowCount;
        foreach (Conjunct condition in conditions)
        {
            if (condition.Node is BinaryNode { Operator: BinaryOperator.Equal })
                share = Math.Min(share, Guess(statistics, leaf, condition.Node));
        }

        return share;
    }

    /// <summary>True for what can be evaluated now and does nothing but compute.</summary>
    private bool IsKnown(Expression expression)
    {
        if (!expression.IsDeterministic || expression is OuterColumnExpression
            || (expression is ParameterExpression parameter && parameter.Index >= context.ParameterValues.Length))
        {
            return false;
        }

        foreach (Expression child in expression.Children)
        {
            if (!IsKnown(child))
                return false;
        }

        return true;
    }

    /// <summary>The sample as rows of the block, in which only the relation's slots are filled.</summary>
    private RowBatch View(TableStatistics statistics, Relation relation)
    {
        var columns = new ColumnVector[block.Shape.Count];
        columns.AsSpan().Fill(new ColumnVector(SqlType.Null, 1));
        for (int i = 0; i < relation.Slots.Length; i++)
        {
            if (relation.Slots[i] >= 0)
                columns[relation.Slots[i]] = statistics.Sample.Column(i);
        }

        return new RowBatch(columns) { RowCount = statistics.Sample.RowCount };
    }

    /// <summary>Narrows the sample to the rows that meet the condition; false, nothing done, where evaluating it fails.</summary>
    private bool TryNarrow(Expression condition, RowBatch batch)
    {
        EvaluationContext evaluation = context.Estimation;
        int kept = 0;
        try
        {
            ColumnVector truth = evaluation.RentValue(condition, batch);
            for (int i = 0; i < batch.SelectedCount; i++)
            {
                int row = batch.RowAt(i);
                if (!truth.IsNull(row) && Conversion.IsTrue(evaluation, truth, row))
                    _positions[kept++] = row;   // never ahead of the selection that is read
            }

            evaluation.Return();
        }
        catch (SqlException)
        {
            // The statement may still avoid the rows that fail, or fail by itself with its own context.
            evaluation.ReleaseScratch();
            return false;
        }

        batch.Select(_positions, kept);
        return true;
    }

    private static bool ReadsSampled(Expression expression, FromLeaf leaf)
    {
        if (expression is ColumnExpression column)
        {
            int ordinal = Array.IndexOf(leaf.Relation.Slots, column.Ordinal);
            return ordinal >= 0 && TableStatistics.IsSampled(leaf.Relation.Columns[ordinal].Type);
        }

        foreach (Expression child in expression.Children)
        {
            if (!ReadsSampled(child, leaf))
                return false;
        }

        return true;
    }

    private double GuessAll(TableStatistics? statistics, FromLeaf leaf, List<Conjunct> conditions)
    {
        double share = 1;
        foreach (Conjunct condition in conditions)
            share *= Guess(statistics, leaf, condition.Node);
        return share;
    }

    private double Guess(TableStatistics? statistics, FromLeaf leaf, ExpressionNode node) => node switch
    {
        BinaryNode { Operator: BinaryOperator.Equal } equal => OfValue(statistics, leaf, equal.Left, equal.Right),
        InListNode { IsNegated: false } list => Math.Min(OfOther, list.Items.Length * OfValue(statistics, leaf, list.Value, list.Value)),
        InQueryNode { IsNegated: false } => OfRange,
        BetweenNode or BinaryNode
        {
            Operator: BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Greater or BinaryOperator.GreaterOrEqual,
        } => OfRange,
        _ => OfOther,
    };

    private double OfValue(TableStatistics? statistics, FromLeaf leaf, ExpressionNode left, ExpressionNode right)
    {
        int ordinal = Math.Max(ColumnOf(left, leaf.Relation), ColumnOf(right, leaf.Relation));
        return statistics is null || ordinal < 0 ? OfEquality : 1 / statistics.DistinctCount([ordinal]);
    }
}
