using P2PDB.Engine.Expressions;
using P2PDB.Engine.Expressions.Aggregates;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>
/// The row that grouping gives out, while the select list, HAVING and ORDER BY are bound over it: slots for the group's
/// keys, for values that the group's first row stands for, and for aggregates. New ones are added as they are met.
/// </summary>
internal sealed class GroupedRow
{
    private readonly Dictionary<(Relation Relation, int Ordinal), int> _carriedSlots = [];
    private int _rollupSlot = -1;

    /// <summary>The slots of the row.</summary>
    public RowShape Shape { get; } = new();

    /// <summary>The keys as written, with their slots.</summary>
    public List<(ExpressionNode Node, Expression Bound, int Slot)> Keys { get; } = [];

    /// <summary>Values of the first row.</summary>
    public List<(Expression Bound, int Slot)> Carried { get; } = [];

    /// <summary>The aggregates as written, with their slots.</summary>
    public List<(AggregateNode Node, AggregateFunction Function, int Slot)> Functions { get; } = [];

    /// <summary>True for WITH ROLLUP, where keys may be NULL though their columns are not.</summary>
    public bool HasRollup { get; init; }

    /// <summary>The slot that takes how many trailing keys a row left out; asking for it makes it.</summary>
    public int RollupSlot => _rollupSlot >= 0 ? _rollupSlot : _rollupSlot = Shape.Add(SqlType.BigInt);

    /// <summary>The same, or -1 where nobody has asked.</summary>
    public int KnownRollupSlot => _rollupSlot;

    /// <summary>Says whether a column outside of aggregates is determined by the keys; otherwise ONLY_FULL_GROUP_BY objects.</summary>
    public required Func<ColumnBinding, bool> IsDetermined { get; init; }

    /// <summary>The slots that grouping fills: all but those of window functions.</summary>
    public int[] FilledSlots =>
    [
        .. Keys.ConvertAll(static key => key.Slot), .. Carried.ConvertAll(static carried => carried.Slot),
        .. Functions.ConvertAll(static function => function.Slot), .. _rollupSlot >= 0 ? [_rollupSlot] : Array.Empty<int>(),
    ];

    /// <summary>Adds a key.</summary>
    public void AddKey(ExpressionNode node, Expression bound) => Keys.Add((node, bound, Shape.Add(bound.Type)));

    /// <summary>The slot that carries a column of the group's first row.</summary>
    public int CarriedSlot(ColumnBinding binding)
    {
        (Relation, int) column = (binding.Relation, binding.Ordinal);
        if (!_carriedSlots.TryGetValue(column, out int slot))
        {
            SqlType type = binding.Column.Type;
            slot = Shape.Add(type);
            _carriedSlots.Add(column, slot);
            int source = binding.Block.Slot(binding.Relation, binding.Ordinal);
            Carried.Add((new ColumnExpression(source, type), slot));
        }

        return slot;
    }
}
