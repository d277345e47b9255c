using P2PDB.Engine.Apply;
using P2PDB.Engine.Apply.Registers;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Catalog.Merging.Texts;
using P2PDB.Engine.Execution;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types.Json;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Inspection;

/// <summary>
/// What rows that are shown keep beside what they show: other values, in columns that keep all concurrent ones, and the ends of texts that are
/// longer than their columns hold. Goes through the rows of tables with such columns, in the order of their keys.
/// </summary>
internal sealed class ConcurrentValues(
    StatementContext context, StoreSnapshot snapshot, RecordKeys keys, ChainDirectory chains, Func<string, bool> isWanted)
{
    private const int StepCount = 4096;

    /// <summary>Those of a database.</summary>
    public IEnumerable<Conflict> Read(Hash256 database)
    {
        List<Conflict> found = [];
        foreach (TableSchema table in (snapshot.Companion as NodeSchema)?.Find(database)?.Tables ?? [])
        {
            if (!KeepsValues(table) || !isWanted(table.Name))
                continue;
            LoggedTable logged = LoggedTable.Find(snapshot, database, table.Id);
            using Cursor cursor = snapshot.OpenCursor(table.RowTree);
            int count = 0;
            for (bool isValid = cursor.SeekFirst(); isValid; isValid = cursor.Next())
            {
                if (++count % StepCount == 0)
                    context.ThrowIfStopped();
                if (!StoredRow.IsVisibleRecord(cursor.Value) || !StoredRow.HasRegisters(cursor.Value))
                    continue;
                found.Clear();
                Add(table, logged, cursor.Key, cursor.Value, found);
                foreach (Conflict conflict in found)
                    yield return conflict;
            }
        }
    }

    private void Add(TableSchema table, LoggedTable logged, ReadOnlySpan<byte> key, ReadOnlySpan<byte> record, List<Conflict> found)
    {
        StoredRow row = StoredRow.Read(record);
        StoredLayout layout = table.Layouts[row.LayoutNumber];
        List<CellRegister> registers = CellRegisters.ReadAll(row, layout);
        foreach (ColumnSchema column in table.Columns)
        {
            List<CellRegister> words = registers.FindAll(register => register.Form.Id == column.Id);
            Lane lane = Lane.Plain;
            foreach (CellRegister word in words)
                lane = word.Lane.CompareTo(lane) > 0 ? word.Lane : lane;
            if (lane.Policy == MergePolicy.Text)
                AddCut(table, logged, keys.ToText(logged, key, layout, row.Image), column, words, lane, found);
            if (lane.Policy != MergePolicy.MultiValue)
                continue;
            List<CellRegister> values = CellReading.Values(words, lane, chains);
            byte[] text = keys.ToText(logged, key, layout, row.Image);
            for (int i = 0; i < values.Count - 1; i++)
            {
                found.Add(new Conflict(
                    Conflict.ConcurrentValue, table.Name, text, column.Name, "mv", chains.Expand(values[i].Stamp()), ValueOf(logged, values[i]),
                    chains.Expand(values[^1].Stamp()), text, ValueOf(logged, values[^1])));
            }
        }
    }

    private void AddCut(
        TableSchema table, LoggedTable logged, byte[] key, ColumnSchema column, List<CellRegister> registers, Lane lane, List<Conflict> found)
    {
        (List<CellRegister> words, TextJoin join, int fitting) = CellReading.TextOf(registers, lane, chains, MergeFaults.None);
        if (fitting == join.Text.Length)
            return;
        // Whose text it is that does not show.
        int shown = 0;
        TextBlock? cut = null;
        foreach (TextSpan span in join.Spans)
        {
            shown += span.IsGone ? 0 : span.Length;
            if (shown <= fitting)
                continue;
            cut = join.Blocks[span.Block];
            break;
        }

        CellRegister lost = words.Find(word => chains.AuthorOf(word.Chain).Key == cut!.Word.Author)!;
        CellRegister rest = lost with { Image = CellValue.OfText(lost.Form, join.Text.AsSpan(fitting)).Image };
        CellRegister kept = words[0] with { Image = CellValue.OfText(words[0].Form, join.Text.AsSpan(0, fitting)).Image };
        found.Add(new Conflict(
            Conflict.CutText, table.Name, key, column.Name, "text", chains.Expand(lost.Stamp()), ValueOf(logged, rest),
            chains.Expand(kept.Stamp()), key, ValueOf(logged, kept)));
    }

    private byte[] ValueOf(LoggedTable table, CellRegister register)
    {
        JsonItem values = JsonItem.NewObject();
        var layout = new StoredLayout(-1, [register.Form], register.Value.Layout);
        ValueText.Add(values, context.Evaluation, table, layout, register.Image, 0, chains.Expand(register.Stamp()));
        return ValueText.ToBytes(values);
    }

    private static bool KeepsValues(TableSchema table)
    {
        foreach (ColumnSchema column in table.Columns)
        {
            if (column.Merge is MergePolicy.MultiValue or MergePolicy.Text)
                return true;
        }

        return false;
    }
}
