using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Planning;

/// <summary>An order that a scan of one relation could give by itself: plain columns of it, all in one direction.</summary>
/// <param name="Relation">The relation.</param>
/// <param name="Ordinals">Its columns, first to last.</param>
/// <param name="IsDescending">The direction of all.</param>
internal sealed record OrderWish(Relation Relation, int[] Ordinals, bool IsDescending)
{
    /// <summary>The wish that an ORDER BY makes, or null where no scan could grant it.</summary>
    public static OrderWish? Of(OrderItem[] items, QueryBlock block, Func<string, ExpressionNode?> aliases)
    {
        if (items.Length == 0)
            return null;
        Relation? relation = null;
        int[] ordinals = new int[items.Length];
        for (int i = 0; i < items.Length; i++)
        {
            if (items[i].Expression is not ColumnNode column || items[i].IsDescending != items[0].IsDescending)
                return null;
            if (column.Table is null && aliases(column.Name) is { } aliased)
            {
                if (aliased is not ColumnNode meant)
                    return null;
                column = meant;
            }

            if (block.FindHere(column, "order clause") is not { Expression: null } binding || (relation ??= binding.Relation) != binding.Relation)
                return null;
            ordinals[i] = binding.Ordinal;
        }

        return new OrderWish(relation!, ordinals, items[0].IsDescending);
    }
}
