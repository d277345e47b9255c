using P2PDB.Engine.Expressions;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>
/// GROUPING(key, …): one bit for each key, the last one the lowest, set in the super-aggregate rows of WITH ROLLUP that the key is
/// NULL in. Grouping tells each row how many trailing keys it left out.
/// </summary>
internal static class GroupingBinder
{
    /// <summary>Keys that one call takes at most: the bits of a BIGINT.</summary>
    private const int KeyCountMax = 64;

    /// <summary>Binds a call; error 1111 without ROLLUP and 3602 for what is no key.</summary>
    public static Expression Bind(FunctionCallNode node, ExpressionBinder binder)
    {
        if (binder.Block.Grouped is not { HasRollup: true } grouped)
            throw SqlErrors.InvalidGroupFunctionUse().ToException();
        if (node.Arguments.Length is 0 or > KeyCountMax)
            throw SqlErrors.WrongParameterCountToFunction("grouping").ToException();
        var level = new ColumnExpression(grouped.RollupSlot, SqlType.BigInt, isNullable: false);
        int[] thresholds = new int[node.Arguments.Length];
        for (int i = 0; i < thresholds.Length; i++)
        {
            int key = grouped.Keys.FindIndex(known => AstComparer.AreEqual(known.Node, node.Arguments[i], binder.Identity));
            thresholds[i] = key >= 0 ? grouped.Keys.Count - key : throw WindowErrors.GroupingOfNoKey(i + 1).ToException();
        }

        return new FunctionExpression("grouping", SqlType.BigInt.WithLength(21), [level], (_, vectors, row, result) =>
        {
            long bits = 0;
            foreach (int threshold in thresholds)
                bits = (bits << 1) | (vectors[0].GetInt64(row) >= threshold ? 1L : 0);
            result.SetInt64(row, bits);
        }, isNullable: false);
    }
}
