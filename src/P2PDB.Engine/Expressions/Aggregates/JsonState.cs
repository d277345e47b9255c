using P2PDB.Engine.Expressions.Json;
using P2PDB.Engine.Types;
using P2PDB.Engine.Types.Json;

namespace P2PDB.Engine.Expressions.Aggregates;

/// <summary>JSON_ARRAYAGG(value) and JSON_OBJECTAGG(key, value); NULLs become JSON null, an empty group NULL.</summary>
internal sealed class JsonState(bool isObject) : AggregateState
{
    /// <summary>Bytes that a member is counted with besides its text.</summary>
    private const int MemberLength = 96;

    private GroupedArray<JsonItem?> _items = new();
    private long _heldLength;

    public override long HeldLength => _heldLength;

    public override void Reset()
    {
        _items.Reset();
        _heldLength = 0;
    }

    public override void EnsureGroups(int count) => _items.Ensure(count);

    public override void Update(EvaluationContext context, RowBatch input, ReadOnlySpan<ColumnVector> arguments, ReadOnlySpan<int> groups)
    {
        for (int i = 0; i < input.SelectedCount; i++)
        {
            int row = input.RowAt(i);
            ref JsonItem? item = ref _items[groups[row]];
            item ??= isObject ? JsonItem.NewObject() : JsonItem.NewArray();
            JsonItem value = JsonConversion.FromSql(context, arguments[^1], row);
            foreach (ColumnVector argument in arguments)
                _heldLength += MemberLength + (argument.Physical == PhysicalKind.Bytes ? argument.GetBytes(row).Length : 0);
            if (!isObject)
                item.Elements.Add(value);
            else if (arguments[0].IsNull(row))
                throw SqlErrors.JsonNullKey().ToException();
            else
                item.Set(Conversion.ToText(context, arguments[0], row), value);
        }
    }

    public override void Finish(EvaluationContext context, int group, ColumnVector result, int row)
    {
        if (_items[group] is { } item)
            JsonConversion.Write(item, result, row);
        else
            result.SetNull(row);
    }
}
