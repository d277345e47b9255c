// ROWS WITH COLUMNS THAT MERGE BY A POLICY
//
// What RowMerge does in place for rows of plain registers, done in the plainest way: the record is taken apart into cells,
// the operation changes them, and the record is written anew. The plain registers follow the same rules as there; those of
// authors are only replaced by a later word of the same author (RowCell), and read by the policy (CellReading), where the operation changed any
// of the cell: what peers wrote into one column is no work for each write of another.
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Apply.Registers;

/// <summary>Merges one operation into a row some of whose columns merge by a policy. Reusable; used by one thread.</summary>
internal sealed class RegisterMerge(MergeFaults faults) : IDisposable
{
    private readonly RowStamps _stamps = new();
    private readonly List<RowCell> _cells = [];
    private readonly List<CellRegister> _listed = [];
    private readonly ByteWriter _registers = new();
    private Stamp _base;
    private Stamp _existence;
    private bool _isDead;

    /// <summary>As <see cref="RowMerge.TryInsert"/>.</summary>
    public bool TryInsert(
        RowLayouts layouts, ChainDirectory chains, ReadOnlySpan<byte> record, in Stamp stamp, StoredLayout layout,
        ReadOnlySpan<byte> image, IReadOnlyList<CellMark> marks, ByteWriter target)
    {
        Load(record, layouts, chains);
        Stamp before = _base;
        bool isNewest = chains.Compare(stamp, before) > 0;
        if (isNewest)
        {
            foreach (RowCell cell in _cells)
                cell.ClearPlain(stamp, chains);
            _base = stamp;
        }

        TakeColumns(chains, stamp, before, layout, image, marks);
        Exist(chains, stamp, isDead: false);
        return Write(target, layouts, chains, record);
    }

    /// <summary>As <see cref="RowMerge.TryUpdate"/>.</summary>
    public bool TryUpdate(
        RowLayouts layouts, ChainDirectory chains, ReadOnlySpan<byte> record, in Stamp stamp, StoredLayout layout,
        ReadOnlySpan<byte> image, IReadOnlyList<CellMark> marks, ByteWriter target)
    {
        Load(record, layouts, chains);
        TakeColumns(chains, stamp, _base, layout, image, marks);
        Exist(chains, stamp, isDead: false);
        return Write(target, layouts, chains, record);
    }

    /// <summary>As <see cref="RowMerge.TryDelete"/>.</summary>
    public bool TryDelete(
        RowLayouts layouts, ChainDirectory chains, ReadOnlySpan<byte> record, in Stamp stamp, ByteWriter target)
    {
        Load(record, layouts, chains);
        Exist(chains, stamp, isDead: true);
        return Write(target, layouts, chains, record);
    }

    /// <summary>As <see cref="RowMerge.TryCut"/>.</summary>
    public bool TryCut(
        RowLayouts layouts, ChainDirectory chains, ReadOnlySpan<byte> record, in DefinitionStamp floor, ByteWriter target)
    {
        Load(record, layouts, chains);
        if (!chains.IsLater(_existence, floor))
            return true;
        foreach (RowCell cell in _cells)
            cell.Cut(chains, floor);
        if (_base.Hlc.Value != 0 && !chains.IsLater(_base, floor))
            _base = default;
        return Write(target, layouts, chains, record);
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose() => _registers.Dispose();

    private void Load(ReadOnlySpan<byte> record, RowLayouts layouts, ChainDirectory chains)
    {
        _cells.Clear();
        (_base, _existence, _isDead) = (default, default, false);
        if (record.IsEmpty)
            return;
        StoredRow row = StoredRow.Read(record);
        StoredLayout layout = layouts[row.LayoutNumber];
        _stamps.Load(row, layout.Columns.Length, chains);
        (_base, _existence, _isDead) = (_stamps.Base, _stamps.Existence, row.IsDead);
        List<CellRegister> registers = CellRegisters.ReadAll(row, layout);
        int next = 0;
        for (int i = 0; i < layout.Columns.Length; i++)
        {
            RowCell cell = new(layout.Columns[i].Id);
            ShownCell shown = new(CellRegisters.Shown(layout, row.Image, i), _stamps.Columns[i]);
            int first = next;
            for (; next < registers.Count && registers[next].Form.Id == cell.Id; next++)
                cell.Load(registers[next], shown);
            if (next == first)
                cell.Load(shown);
            _cells.Add(cell);
        }
    }

    private void TakeColumns(
        ChainDirectory chains, in Stamp stamp, in Stamp baseStamp, StoredLayout layout, ReadOnlySpan<byte> image,
        IReadOnlyList<CellMark> marks)
    {
        for (int i = 0; i < layout.Columns.Length; i++)
        {
            if (!IsMarked(marks, layout.Columns[i].Id))
                CellOf(layout.Columns[i].Id).TakePlain(CellRegisters.Shown(layout, image, i), stamp, baseStamp, chains);
        }

        foreach (CellMark mark in marks)
        {
            RowCell cell = CellOf(mark.Column.Id);
            if (mark.Rights is not null)
                cell.Take(Register(RegisterKind.Rights, mark, stamp, []), chains);
            else if (mark.Text is { } text)
                cell.Take(Register(RegisterKind.Value, mark, stamp, CellValue.OfText(mark.Column, text).Image), chains);
            else if (mark.HasValue)
                cell.Take(Register(RegisterKind.Value, mark, stamp, ValueOf(layout, image, mark.Column.Id)), chains);
            if (mark.Total is not null)
                cell.Take(Register(RegisterKind.Total, mark, stamp, []), chains);
        }
    }

    private void Exist(StampOrder order, in Stamp stamp, bool isDead)
    {
        if (order.Compare(stamp, _existence) > 0)
            (_existence, _isDead) = (stamp, isDead);
    }

    /// <summary>Writes the record; false, nothing written, where it is the one that was loaded.</summary>
    private bool Write(ByteWriter target, RowLayouts layouts, ChainDirectory chains, ReadOnlySpan<byte> record)
    {
        _cells.RemoveAll(static cell => cell.IsEmpty);
        var forms = new StoredColumn[_cells.Count];
        byte[][] images = new byte[_cells.Count][];
        var stamps = new Stamp[_cells.Count];
        int marked = 0;
        _registers.Clear();
        for (int i = 0; i < _cells.Count; i++)
        {
            RowCell cell = _cells[i];
            cell.List(_listed, chains);
            ShownCell shown = _listed.Count > 0 ? cell.Shown ?? CellReading.Read(_listed, chains, faults) : cell.Plain!.Value;
            (forms[i], images[i], stamps[i]) = (shown.Value.Form, shown.Value.Image, shown.Stamp);
            if (_listed.Count == 0)
                continue;
            marked++;
            CellRegisters.WriteColumn(_registers, i, _listed, shown.Value);
        }

        StoredLayout layout = layouts.Get(forms);
        int start = target.Length;
        RowHead.Write(target, chains, _isDead, layout.Number, _base, _existence, stamps, marked, _registers.Written);
        RowImageWriter writer = new(layout.Layout, target);
        for (int i = 0; i < forms.Length; i++)
            writer.Copy(i, LayoutFactory.Create(forms[i]), images[i], 0);
        writer.Finish();
        bool isSame = !record.IsEmpty && record[1..].SequenceEqual(target.Written[(start + 1)..])
            && (record[0] & ~StoredRow.ViewFlags) == target.Written[start];
        if (isSame)
            target.Truncate(start);
        return !isSame;
    }

    private RowCell CellOf(ColumnId id)
    {
        foreach (RowCell known in _cells)
        {
            if (known.Id == id)
                return known;
        }

        RowCell cell = new(id);
        _cells.Add(cell);
        return cell;
    }

    private static CellRegister Register(RegisterKind kind, CellMark mark, in Stamp stamp, byte[] image) => new()
    {
        Kind = kind,
        Hlc = stamp.Hlc,
        Chain = stamp.Chain,
        Op = stamp.Op,
        Lane = mark.Lane,
        Form = mark.Column,
        Image = image,
        Collation = mark.Collation,
        Digits = mark.Digits,
        Rights = mark.Rights,
        Total = kind == RegisterKind.Total ? mark.Total!.Value : default,
        Seen = kind == RegisterKind.Value ? mark.Seen : [],
        Dots = mark.Dots,
        Edits = mark.Edits,
    };

    private static byte[] ValueOf(StoredLayout layout, ReadOnlySpan<byte> image, ColumnId column) =>
        CellRegisters.Shown(layout, image, layout.PositionOf(column)).Image;

    private static bool IsMarked(IReadOnlyList<CellMark> marks, ColumnId column)
    {
        foreach (CellMark mark in marks)
        {
            if (mark.Column.Id == column)
                return true;
        }

        return false;
    }
}
