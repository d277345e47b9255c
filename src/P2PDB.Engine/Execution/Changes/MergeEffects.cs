using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>
/// Takes assignments back that a column's merge policy gives no effect: a smaller value where the greatest stays, a second where the
/// first does. The statement goes on, and has a note of it.
/// </summary>
internal sealed class MergeEffects
{
    private readonly TableSchema _table;
    private readonly List<(int Ordinal, int Position)> _columns = [];

    private MergeEffects(TableSchema table) => _table = table;

    /// <summary>What to look at where the given columns are assigned; null where there is nothing.</summary>
    public static MergeEffects? Of(TableSchema table, int[] assigned)
    {
        MergeEffects? effects = null;
        foreach (int ordinal in assigned)
        {
            ColumnSchema column = table.Columns[ordinal];
            if (column.Merge is not (MergePolicy.FirstWriter or MergePolicy.Max or MergePolicy.Min))
                continue;
            int position = 0;
            while (table.WriteLayout.Columns[position].Id != column.Id)
                position++;
            (effects ??= new MergeEffects(table))._columns.Add((ordinal, position));
        }

        return effects;
    }

    /// <summary>
    /// Takes back what has no effect on a row whose images were encoded; true where there was such. <paramref name="isNoted"/>: the
    /// statement gets its note.
    /// </summary>
    public bool TakeBack(StatementContext context, TableRow before, TableRow after, bool isNoted = true)
    {
        bool isAny = false;
        foreach ((int ordinal, int position) in _columns)
        {
            ColumnSchema column = _table.Columns[ordinal];
            CellValue held = CellRegisters.Shown(_table.WriteLayout, before.Image, position);
            CellValue value = CellRegisters.Shown(_table.WriteLayout, after.Image, position);
            if (value.Image.AsSpan().SequenceEqual(held.Image)
                || ValueOrder.Replaces(column.Merge, value, held, column.Type.Collation))
            {
                continue;
            }

            after.Columns.Column(ordinal).CopyRow(before.Columns.Column(ordinal), 0, 0);
            if (isNoted)
                context.Evaluation.Diagnostics.Add(MergeErrors.WithoutEffect(column.Name).AsNote());
            isAny = true;
        }

        return isAny;
    }
}
