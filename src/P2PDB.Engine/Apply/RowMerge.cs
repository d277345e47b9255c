// THE REGISTERS OF A ROW
//
// A row is a set of registers, each with the stamp of the operation that set it: its existence, and every column.
//
//   INSERT at s   sets existence to alive and replaces the row: every column, named or not, is set at s, those that the
//                 INSERT does not name to "no value", which shows the column's fill
//   UPDATE at s   sets existence to alive and the columns it names
//   DELETE at s   sets existence to dead, and no column: a later UPDATE revives the row with what it had
//
// Each register keeps the value with the latest stamp. So the row is a function of the set of operations, whatever their
// order; applying one twice changes nothing. The newest INSERT's stamp is kept as the base: a column without a stamp of its
// own has the base's, and so has a column that the row has no value for.
//
// Columns that merge by a policy have more than one register; rows with such are RegisterMerge's.
//
// TRUNCATE and DROP TABLE at f take every register back that was set at or before f; see Cut.
using P2PDB.Engine.Apply.Registers;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Log;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Apply;

/// <summary>Merges one operation into a row record; see the prose above. Reusable; used by one thread.</summary>
internal sealed class RowMerge(MergeFaults? faults = null) : IDisposable
{
    private readonly RegisterMerge _registers = new(faults ?? MergeFaults.None);
    private readonly RowStamps _old = new();
    private readonly List<MergedColumn> _columns = [];
    private StoredColumn[] _forms = [];
    private Stamp[] _stamps = [];

    /// <summary>
    /// Merges an INSERT. Writes the new record, without visibility flags, to <paramref name="target"/>; false, nothing
    /// written, where the row stays as it is. An empty <paramref name="record"/> is no row yet. <paramref name="marks"/> say
    /// how columns merge that are not plain.
    /// </summary>
    public bool TryInsert(
        RowLayouts layouts, ChainDirectory order, ReadOnlySpan<byte> record, in Stamp stamp, StoredLayout layout,
        ReadOnlySpan<byte> image, List<CellMark> marks, ByteWriter target)
    {
        if (marks.Count > 0 || StoredRow.HasRegisters(record))
            return _registers.TryInsert(layouts, order, record, stamp, layout, image, marks, target);
        if (record.IsEmpty)
        {
            Prepare(layout.Columns.Length).Fill(stamp);
            WriteRecord(target, order, isDead: false, layout, stamp, stamp, image);
            return true;
        }

        StoredRow old = StoredRow.Read(record);
        StoredLayout oldLayout = Load(old, layouts, order);
        if (order.Compare(stamp, _old.Base) <= 0)
            return false; // then every register is later, the existence included

        _columns.Clear();
        bool isWhole = true;
        for (int i = 0; i < layout.Columns.Length; i++)
        {
            int position = oldLayout.PositionOf(layout.Columns[i].Id);
            bool isKept = position >= 0 && order.Compare(_old.Columns[position], stamp) > 0;
            isWhole &= !isKept;
            _columns.Add(isKept
                ? new MergedColumn(oldLayout.Columns[position], _old.Columns[position], FromOperation: false, position)
                : new MergedColumn(layout.Columns[i], stamp, FromOperation: true, i));
        }

        for (int position = 0; position < oldLayout.Columns.Length; position++)
        {
            if (layout.PositionOf(oldLayout.Columns[position].Id) >= 0
                || order.Compare(_old.Columns[position], stamp) <= 0)
            {
                continue;
            }

            isWhole = false;
            _columns.Add(new MergedColumn(oldLayout.Columns[position], _old.Columns[position], false, position));
        }

        bool decides = order.Compare(stamp, _old.Existence) > 0;
        bool isDead = !decides && old.IsDead;
        Stamp existence = decides ? stamp : _old.Existence;
        if (isWhole)
        {
            Prepare(layout.Columns.Length).Fill(stamp);
            WriteRecord(target, order, isDead, layout, stamp, existence, image);
        }
        else
        {
            WriteMerged(target, layouts, order, isDead, stamp, existence, oldLayout, old.Image, layout, image);
        }

        return true;
    }

    /// <summary>
    /// Merges an UPDATE whose image holds the columns of <paramref name="layout"/>; otherwise as
    /// <see cref="TryInsert"/>.
    /// </summary>
    public bool TryUpdate(
        RowLayouts layouts, ChainDirectory order, ReadOnlySpan<byte> record, in Stamp stamp, StoredLayout layout,
        ReadOnlySpan<byte> image, List<CellMark> marks, ByteWriter target)
    {
        if (marks.Count > 0 || StoredRow.HasRegisters(record))
            return _registers.TryUpdate(layouts, order, record, stamp, layout, image, marks, target);
        if (record.IsEmpty)
        {
            Prepare(layout.Columns.Length).Fill(stamp);
            WriteRecord(target, order, isDead: false, Registered(layouts, layout), default, stamp, image);
            return true;
        }

        StoredRow old = StoredRow.Read(record);
        StoredLayout oldLayout = Load(old, layouts, order);
        _columns.Clear();
        bool isChanged = false;
        for (int position = 0; position < oldLayout.Columns.Length; position++)
        {
            int i = layout.PositionOf(oldLayout.Columns[position].Id);
            bool isSet = i >= 0 && order.Compare(stamp, _old.Columns[position]) > 0;
            isChanged |= isSet;
            _columns.Add(isSet
                ? new MergedColumn(layout.Columns[i], stamp, FromOperation: true, i)
                : new MergedColumn(oldLayout.Columns[position], _old.Columns[position], false, position));
        }

        bool isAfterBase = order.Compare(stamp, _old.Base) > 0;
        for (int i = 0; i < layout.Columns.Length && isAfterBase; i++)
        {
            if (oldLayout.PositionOf(layout.Columns[i].Id) >= 0)
                continue;
            isChanged = true;
            _columns.Add(new MergedColumn(layout.Columns[i], stamp, FromOperation: true, i));
        }

        bool decides = order.Compare(stamp, _old.Existence) > 0;
        if (!isChanged && !decides)
            return false;
        Stamp existence = decides ? stamp : _old.Existence;
        WriteMerged(
            target, layouts, order, !decides && old.IsDead, _old.Base, existence, oldLayout, old.Image, layout, image);
        return true;
    }

    /// <summary>Merges a DELETE; otherwise as <see cref="TryInsert"/>.</summary>
    public bool TryDelete(
        RowLayouts layouts, ChainDirectory order, ReadOnlySpan<byte> record, in Stamp stamp, ByteWriter target)
    {
        if (StoredRow.HasRegisters(record))
            return _registers.TryDelete(layouts, order, record, stamp, target);
        if (record.IsEmpty)
        {
            StoredLayout layout = layouts.Get([]);
            Prepare(0);
            WriteRecord(target, order, isDead: true, layout, default, stamp, []);
            return true;
        }

        StoredRow old = StoredRow.Read(record);
        StoredLayout oldLayout = Load(old, layouts, order);
        if (order.Compare(stamp, _old.Existence) <= 0)
            return false;
        _old.Columns.CopyTo(Prepare(oldLayout.Columns.Length));
        WriteRecord(target, order, isDead: true, oldLayout, _old.Base, stamp, old.Image);
        return true;
    }

    /// <summary>
    /// Takes back what was set at or before a floor. Writes what remains of the row, without visibility flags; writes
    /// nothing where nothing remains. False, nothing written, where all of the row is later.
    /// </summary>
    public bool TryCut(
        RowLayouts layouts, ChainDirectory chains, ReadOnlySpan<byte> record, in DefinitionStamp floor, ByteWriter target)
    {
        if (StoredRow.HasRegisters(record))
            return _registers.TryCut(layouts, chains, record, floor, target);
        StoredRow old = StoredRow.Read(record);
        StoredLayout oldLayout = Load(old, layouts, chains);
        if (!chains.IsLater(_old.Existence, floor))
            return true;

        _columns.Clear();
        for (int position = 0; position < oldLayout.Columns.Length; position++)
        {
            Stamp stamp = _old.Columns[position];
            if (stamp.Hlc.Value != 0 && chains.IsLater(stamp, floor))
                _columns.Add(new MergedColumn(oldLayout.Columns[position], stamp, FromOperation: false, position));
        }

        bool keepsBase = _old.Base.Hlc.Value == 0 || chains.IsLater(_old.Base, floor);
        if (keepsBase && _columns.Count == oldLayout.Columns.Length)
            return false;
        Stamp baseStamp = keepsBase ? _old.Base : default;
        WriteMerged(
            target, layouts, chains, old.IsDead, baseStamp, _old.Existence, oldLayout, old.Image, oldLayout, default);
        return true;
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose() => _registers.Dispose();

    private StoredLayout Load(in StoredRow row, RowLayouts layouts, StampOrder order)
    {
        StoredLayout layout = layouts[row.LayoutNumber];
        _old.Load(row, layout.Columns.Length, order);
        return layout;
    }

    private void WriteMerged(
        ByteWriter target, RowLayouts layouts, StampOrder order, bool isDead, in Stamp baseStamp, in Stamp existence,
        StoredLayout oldLayout, ReadOnlySpan<byte> oldImage, StoredLayout layout, ReadOnlySpan<byte> image)
    {
        if (_forms.Length < _columns.Count)
            _forms = new StoredColumn[Math.Max(_columns.Count, 16)];
        Span<Stamp> stamps = Prepare(_columns.Count);
        for (int i = 0; i < _columns.Count; i++)
            (_forms[i], stamps[i]) = (_columns[i].Form, _columns[i].Stamp);
        ReadOnlySpan<StoredColumn> forms = _forms.AsSpan(0, _columns.Count);
        StoredLayout merged = oldLayout.Columns.AsSpan().SequenceEqual(forms) ? oldLayout : layouts.Get(forms);

        WriteHead(target, order, isDead, merged, baseStamp, existence);
        RowImageWriter writer = new(merged.Layout, target);
        for (int i = 0; i < _columns.Count; i++)
        {
            MergedColumn column = _columns[i];
            if (column.FromOperation)
                writer.Copy(i, layout.Layout, image, column.Position);
            else
                writer.Copy(i, oldLayout.Layout, oldImage, column.Position);
        }

        writer.Finish();
    }

    private void WriteRecord(
        ByteWriter target, StampOrder order, bool isDead, StoredLayout layout, in Stamp baseStamp, in Stamp existence,
        ReadOnlySpan<byte> image)
    {
        WriteHead(target, order, isDead, layout, baseStamp, existence);
        target.Write(image);
    }

    private void WriteHead(
        ByteWriter target, StampOrder order, bool isDead, StoredLayout layout, in Stamp baseStamp, in Stamp existence) =>
        RowHead.Write(
            target, order, isDead, layout.Number, baseStamp, existence, _stamps.AsSpan(0, layout.Columns.Length), 0, default);

    private Span<Stamp> Prepare(int count)
    {
        if (_stamps.Length < count)
            _stamps = new Stamp[Math.Max(count, 16)];
        return _stamps.AsSpan(0, count);
    }

    private static StoredLayout Registered(RowLayouts layouts, StoredLayout layout) =>
        layout.Number >= 0 ? layout : layouts.Get(layout.Columns.AsSpan());

    private readonly record struct MergedColumn(StoredColumn Form, Stamp Stamp, bool FromOperation, int Position);
}
