using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Planning.Joins;

/// <summary>
/// What an OR over several relations says about each of them: of <c>(a.x = 1 AND b.y = 2) OR (a.x = 3 AND b.z)</c> it follows that
/// <c>a.x = 1 OR a.x = 3</c>. What follows goes below the join; the OR itself stays where it was.
/// </summary>
internal static class ImpliedConditions
{
    /// <summary>The conditions that follow from <paramref name="condition"/>, one for each relation that all alternatives speak of.</summary>
    public static List<ExpressionNode> Of(ExpressionNode condition, ulong relations, Func<ExpressionNode, ulong> relationsOf)
    {
        List<ExpressionNode> implied = [];
        if (condition is not BinaryNode { Operator: BinaryOperator.Or } || (relations & (relations - 1)) == 0)
            return implied;
        List<List<ExpressionNode>> alternatives = CommonFactors.Alternatives(condition);
        for (ulong rest = relations; rest != 0; rest &= rest - 1)
        {
            if (About(rest & (0 - rest), alternatives, relationsOf) is { } one)
                implied.Add(one);
        }

        return implied;
    }

    private static ExpressionNode? About(ulong relation, List<List<ExpressionNode>> alternatives, Func<ExpressionNode, ulong> relationsOf)
    {
        ExpressionNode? any = null;
        foreach (List<ExpressionNode> parts in alternatives)
        {
            ExpressionNode? all = null;
            foreach (ExpressionNode part in parts)
            {
                if (relationsOf(part) == relation)
                    all = all is null ? part : new BinaryNode(BinaryOperator.And, all, part);
            }

            if (all is null)
                return null;
            any = any is null ? all : new BinaryNode(BinaryOperator.Or, any, all);
        }

        return any;
    }
}
