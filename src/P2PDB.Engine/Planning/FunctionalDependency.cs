using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Planning;

/// <summary>
/// Which columns the keys of GROUP BY determine: the keys, columns that WHERE fixes to a constant or to a determined one, and
/// all columns of a table whose primary key is determined.
/// </summary>
internal sealed class FunctionalDependency(QueryBlock block, List<ExpressionNode> keys, List<ExpressionNode> conditions)
{
    /// <summary>True where a column has one value per group.</summary>
    public bool Determines(ColumnBinding binding)
    {
        HashSet<(Relation, int)> determined = Start();
        bool grows = true;
        while (grows)
        {
            grows = AddEqualColumns(determined);
            foreach (Relation relation in block.Relations)
                grows |= AddTable(relation, determined);
        }

        return determined.Contains((binding.Relation, binding.Ordinal));
    }

    private HashSet<(Relation, int)> Start()
    {
        HashSet<(Relation, int)> determined = [];
        foreach (ExpressionNode key in keys)
        {
            if (key is ColumnNode column && block.FindHere(column, "group statement") is { } binding)
                determined.Add((binding.Relation, binding.Ordinal));
        }

        return determined;
    }

    private bool AddEqualColumns(HashSet<(Relation, int)> determined)
    {
        bool grows = false;
        foreach (ExpressionNode condition in conditions)
        {
            if (condition is not BinaryNode { Operator: BinaryOperator.Equal } equal)
                continue;
            grows |= AddIfOther(equal.Left, equal.Right, determined) | AddIfOther(equal.Right, equal.Left, determined);
        }

        return grows;
    }

    private bool AddIfOther(ExpressionNode side, ExpressionNode other, HashSet<(Relation, int)> determined)
    {
        if (side is not ColumnNode column || block.FindHere(column, "where clause") is not { } binding)
            return false;
        bool isOtherKnown = other is ColumnNode otherColumn
            ? block.FindHere(otherColumn, "where clause") is not { } found || determined.Contains((found.Relation, found.Ordinal))
            : !AstWalker.Any(other, part => part is ColumnNode);
        return isOtherKnown && determined.Add((binding.Relation, binding.Ordinal));
    }

    private static bool AddTable(Relation relation, HashSet<(Relation, int)> determined)
    {
        bool hasKey = false;
        for (int i = 0; i < relation.Columns.Length; i++)
        {
            if ((relation.Columns[i].Traits & ResultColumnTraits.PrimaryKey) == 0)
                continue;
            hasKey = true;
            if (!determined.Contains((relation, i)))
                return false;
        }

        if (!hasKey)
            return false;
        bool grows = false;
        for (int i = 0; i < relation.Columns.Length; i++)
            grows |= determined.Add((relation, i));
        return grows;
    }
}
