using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Catalog.Folding;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Catalog.Merging.Texts;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Apply;

/// <summary>
/// Finds entries whose body hangs together as an entry but not as operations. The verdict depends on the entry alone, never
/// on what else a node has seen, so that all nodes reach it alike.
/// </summary>
internal static class EntryValidation
{
    /// <summary>True where every operation decodes and fits the directory.</summary>
    public static bool IsValid(Hash256 database, EntryLayouts layouts, ChunkAssembly chunks, OpReader ops)
    {
        while (ops.MoveNext())
        {
            if (!chunks.TryTake(ops, out ReadOnlySpan<byte> payload))
                return false;
            bool isValid = ops.Kind.IsRow()
                ? IsValidRow(layouts, ops.Kind, ops.Table, payload)
                : ops.Kind == OpKind.Statement
                ? StatementRemark.IsValid(payload)
                : !ops.Kind.IsDefinition() || DatabaseState.IsValid(database, (DefinitionKind)ops.Kind, payload);
            if (!isValid)
                return false;
        }

        return true;
    }

    private static bool IsValidRow(EntryLayouts layouts, OpKind kind, int table, ReadOnlySpan<byte> payload)
    {
        if (!OpReader.TryReadRow(kind, payload, layouts.ColumnCountOf(table), out RowOp row)
            || row.Key.IsEmpty || row.Key.Length > IndexKeys.LengthMax)
        {
            return false;
        }

        if (!layouts.TryReadMarks(table, row, out List<CellMark> marks))
            return false;
        if (!kind.IsInsert() && !kind.IsUpdate())
            return true;
        StoredLayout layout = kind.IsInsert() ? layouts.WholeLayout(table) : layouts.PartLayout(table, row.Columns);
        return layout.Layout.TryValidate(row.Image) && AreValuesValid(layout, row.Image, marks);
    }

    /// <summary>True where marks of sets speak of just the members that the values have, and those of texts of as many bytes.</summary>
    internal static bool AreValuesValid(StoredLayout layout, ReadOnlySpan<byte> image, List<CellMark> marks)
    {
        foreach (CellMark mark in marks)
        {
            bool isText = mark.Edits is not null && mark.Text is null;
            if (mark.Lane.Policy != MergePolicy.Set && !isText)
                continue;
            CellValue value = CellRegisters.Shown(layout, image, layout.PositionOf(mark.Column.Id));
            List<string> members = [];
            if (isText ? TextWord.TextOf(value).Length != mark.Edits!.TextLength : !SetMembers.TryRead(value, members) || members.Count != mark.Dots.Length)
                return false;
        }

        return true;
    }
}
