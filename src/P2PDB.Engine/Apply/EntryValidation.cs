using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Catalog.Folding;
using P2PDB.Engine.Log;

namespace P2PDB.Engine.Apply;

/// <summary>
/// Finds entries whose body hangs together as an entry but not as operations. The verdict depends on the entry alone, never
/// on what else a node has seen, so that all nodes reach it alike.
/// </summary>
internal static class EntryValidation
{
    /// <summary>Bytes of a primary key at most: MySQL's 3,072, encoded as weights.</summary>
    public const int KeyLengthMax = 16_384;

    /// <summary>True where every operation decodes and fits the directory.</summary>
    public static bool IsValid(DatabaseState state, EntryLayouts layouts, ChunkAssembly chunks, OpReader ops)
    {
        while (ops.MoveNext())
        {
            if (!chunks.TryTake(ops, out ReadOnlySpan<byte> payload))
                return false;
            bool isValid = ops.Kind.IsRow()
                ? IsValidRow(layouts, ops.Kind, ops.Table, payload)
                : !ops.Kind.IsDefinition() || state.IsValid((DefinitionKind)ops.Kind, payload);
            if (!isValid)
                return false;
        }

        return true;
    }

    private static bool IsValidRow(EntryLayouts layouts, OpKind kind, int table, ReadOnlySpan<byte> payload)
    {
        if (!OpReader.TryReadRow(kind, payload, layouts.ColumnCountOf(table), out RowOp row)
            || row.Key.IsEmpty || row.Key.Length > KeyLengthMax)
        {
            return false;
        }

        return kind switch
        {
            OpKind.Insert => layouts.WholeLayout(table).Layout.TryValidate(row.Image),
            OpKind.Update => layouts.PartLayout(table, row.Columns).Layout.TryValidate(row.Image),
            _ => true,
        };
    }
}
