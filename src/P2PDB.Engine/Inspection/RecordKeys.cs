using System.Collections.Immutable;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Engine.Types.Json;

namespace P2PDB.Engine.Inspection;

/// <summary>
/// Rows' keys for people: the value of a primary key's one column, a JSON array of the values of several, and else, and for hidden
/// keys, the key's bytes in hexadecimal. A key has only the weights of a text: the text itself comes from a row image at hand,
/// or from the row as it is, or was last, in a snapshot.
/// </summary>
internal sealed class RecordKeys(EvaluationContext context, StoreSnapshot snapshot)
{
    private readonly RecordBuffer _record = new();

    /// <summary>The text of a key; <paramref name="layout"/> is that of an image that may have the key's columns, or null.</summary>
    public byte[] ToText(LoggedTable table, ReadOnlySpan<byte> key, StoredLayout? layout, ReadOnlySpan<byte> image)
    {
        List<JsonItem> values = [];
        ReadOnlySpan<byte> rest = key;
        byte[]? only = null;
        foreach (IndexColumn part in table.PrimaryKey)
        {
            if (table.KeyTypeOf(part.Column) is not { } type)
                return ValueText.HexOf(key);
            ColumnVector vector = context.Rent(type);
            bool isRead = part.PrefixLength == 0 && KeyDecoder.TryRead(ref rest, vector, 0);
            if (!isRead)
            {
                rest = default;   // Where one part ends that cannot be read the next begins: all that follow are looked for elsewhere.
                isRead = TryRead(part.Column, type, layout, image, vector) || TryReadStored(table, key, part.Column, type, vector);
            }

            if (isRead)
            {
                only = vector.IsNull(0) ? null : ValueText.ToText(context, vector, 0);
                values.Add(ValueText.ToJson(context, vector, 0));
            }

            context.Return();
            if (!isRead)
                return ValueText.HexOf(key);
        }

        if (values.Count == 0)
            return ValueText.HexOf(key);
        if (values.Count == 1 && only is not null)
            return only;
        JsonItem array = JsonItem.NewArray();
        array.Elements.AddRange(values);
        return ValueText.ToBytes(array);
    }

    private bool TryReadStored(LoggedTable table, ReadOnlySpan<byte> key, ColumnId column, SqlType type, ColumnVector target)
    {
        if (table.Place is not { } place || !snapshot.TryGet(place.RowTree, key, _record) || !StoredRow.TryRead(_record.Span, out StoredRow row))
            return false;
        return TryRead(column, type, place.Layouts[row.LayoutNumber], row.Image, target);
    }

    private static bool TryRead(ColumnId column, SqlType type, StoredLayout? layout, ReadOnlySpan<byte> image, ColumnVector target)
    {
        if (layout is null)
            return false;
        ImmutableArray<StoredColumn> columns = layout.Columns;
        for (int i = 0; i < columns.Length; i++)
        {
            if (columns[i].Id != column)
                continue;
            if (columns[i] != LayoutFactory.FormOf(column, type))
                return false;
            layout.Layout.CopyTo(image, i, target, 0);
            return true;
        }

        return false;
    }
}
