using P2PDB.Engine.Catalog;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Apply;

/// <summary>All that the keys of rows in an index depend on beside the rows, as bytes: equal forms mean equal keys.</summary>
internal static class IndexForm
{
    /// <summary>The form of an index; uses the writer.</summary>
    public static byte[] Of(ByteWriter writer, TableSchema schema, IndexSchema index)
    {
        writer.Clear();
        writer.WriteByte((byte)index.Kind);
        foreach (IndexPart part in index.Parts)
        {
            ColumnSchema column = schema.Columns[part.Ordinal];
            writer.WriteUInt64(column.Id.Value);
            writer.WriteVarint((ulong)part.PrefixLength);
            CatalogIds.WriteKeyForm(writer, column.Type);
            writer.WriteByte((byte)column.Type.StorageCode);
            column.Types.WriteConversions(writer, LayoutFactory.FormOf(column.Id, column.Type));
            writer.WriteByte((byte)column.FillLayout.CodeOf(0));
            writer.WriteVarint((ulong)column.Fill.Length);
            writer.Write(column.Fill);
        }

        return writer.Written.ToArray();
    }
}
