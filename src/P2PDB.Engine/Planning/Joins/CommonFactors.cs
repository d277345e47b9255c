using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Planning.Joins;

/// <summary>
/// Takes out of an OR what all its alternatives say: <c>(a AND b) OR (a AND c)</c> is <c>a AND (b OR c)</c>, also where NULL is among them.
/// What is taken out can be the key of a join or lead to an index, which an alternative cannot.
/// </summary>
internal static class CommonFactors
{
    /// <summary>The condition as conditions joined by AND; itself alone where its alternatives have nothing in common.</summary>
    public static List<ExpressionNode> Split(ExpressionNode condition, QueryBlock block)
    {
        if (condition is not BinaryNode { Operator: BinaryOperator.Or })
            return [condition];
        List<List<ExpressionNode>> alternatives = Alternatives(condition);
        List<ExpressionNode> common = alternatives[0].FindAll(part => CanMove(part) && alternatives.TrueForAll(one => IndexOf(one, part, block) >= 0));
        if (common.Count == 0)
            return [condition];
        foreach (List<ExpressionNode> alternative in alternatives)
        {
            foreach (ExpressionNode part in common)
                alternative.RemoveAt(IndexOf(alternative, part, block));
        }

        // An alternative that says nothing more is true where the common part is.
        List<ExpressionNode> result = [.. common];
        if (alternatives.TrueForAll(static alternative => alternative.Count > 0))
        {
            ExpressionNode? any = null;
            foreach (List<ExpressionNode> alternative in alternatives)
            {
                ExpressionNode all = AstWalker.JoinConjunction(alternative)!;
                any = any is null ? all : new BinaryNode(BinaryOperator.Or, any, all);
            }

            result.Add(any!);
        }

        return result;
    }

    /// <summary>The alternatives of an OR, each as the conditions that AND joins.</summary>
    public static List<List<ExpressionNode>> Alternatives(ExpressionNode condition)
    {
        if (condition is BinaryNode { Operator: BinaryOperator.Or } or)
            return [.. Alternatives(or.Left), .. Alternatives(or.Right)];
        List<ExpressionNode> parts = [];
        AstWalker.SplitConjunction(condition, parts);
        return [parts];
    }

    /// <summary>A function may give another value at each call.</summary>
    private static bool CanMove(ExpressionNode part) =>
        !AstWalker.Any(part, static node => node is FunctionCallNode || SubqueryForm.IsBarrier(node));

    private static int IndexOf(List<ExpressionNode> parts, ExpressionNode wanted, QueryBlock block) =>
        parts.FindIndex(part => AstComparer.AreEqual(part, wanted, column => block.FindHere(column, "where clause") is { } binding
            ? (binding.Relation, binding.Ordinal) : null));
}
