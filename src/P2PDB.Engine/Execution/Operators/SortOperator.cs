using P2PDB.Engine.Execution.Spilling;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// Takes all rows, encodes each one's sort columns as one memcomparable key, and gives the rows out in key order. Where
/// only the first rows are wanted it throws the others away from time to time, so that its memory stays small. What it
/// may not hold in memory goes to the disk in sorted runs, which are merged as rows are asked for.
/// </summary>
internal sealed class SortOperator : Operator
{
    /// <summary>Bytes of one <see cref="SortEntry"/>.</summary>
    private const long EntryLength = 24;

    private readonly Operator _input;
    private readonly SortKey[] _sortKeys;
    private readonly Expression? _count;
    private readonly Expression? _offset;
    private readonly int[] _columns;
    private readonly ByteWriter _keys = new();
    private readonly RowBatch _output;
    private readonly Comparison<SortEntry> _compare;
    private RowStore _rows;
    private RowStore? _spareRows;
    private SortRuns? _runs;
    private long _kept;
    private long _givenCount;
    private readonly SqlType[] _types;
    private SortEntry[] _entries = [];
    private int _entryCount;
    private uint _compareCount;
    private int _next;

    public SortOperator(Operator input, SortKey[] keys, SqlType[] types, Expression? count, Expression? offset)
    {
        _input = input;
        _sortKeys = keys;
        _types = types;
        _count = count;
        _offset = offset;
        _columns = new int[types.Length];
        for (int i = 0; i < types.Length; i++)
            _columns[i] = i;
        _rows = new RowStore(types);
        _output = new RowBatch(types);
        _compare = Compare;
    }

    /// <inheritdoc/>
    protected override RowBatch? NextCore()
    {
        if (_runs is not null)
            return NextMerged(_runs);
        if (_next == _entryCount)
            return null;
        _output.Reset();
        int filled = 0;
        while (filled < RowBatch.RowCountMax && _next < _entryCount)
            _rows.CopyTo(_entries[_next++].Row, _output, filled++, _columns);
        _output.RowCount = filled;
        return _output;
    }

    /// <inheritdoc/>
    public override void Close()
    {
        Forget();
        _input.Close();
    }

    /// <inheritdoc/>
    protected override void OpenCore()
    {
        Forget();
        ulong wanted = _count is null ? ulong.MaxValue : LimitValue.Evaluate(Context, _count, 0);
        ulong skipped = LimitValue.Evaluate(Context, _offset, 0);
        _kept = wanted > int.MaxValue / 4 || skipped > int.MaxValue / 4 ? long.MaxValue : (long)(wanted + skipped);
        _input.Open(Context);
        while (_input.Next() is { } batch)
        {
            Context.ThrowIfStopped();
            int count = batch.SelectedCount;
            for (int i = 0; i < count; i++)
                Add(batch, batch.RowAt(i));
            if (_kept != long.MaxValue && _entryCount > (2 * _kept) + (4 * RowBatch.RowCountMax))
                KeepFirst((int)_kept);
            if (!TryHoldAll())
                MakeRoom();
        }

        if (_runs is not null)
        {
            WriteRun(_runs);
            return;
        }

        SortEntries();
        if (_entryCount > _kept)
            _entryCount = (int)_kept;
    }

    private bool TryHoldAll() =>
        TryHold(_rows.HeldLength + (_spareRows?.HeldLength ?? 0) + _keys.Length + (EntryLength * _entries.Length));

    private void MakeRoom()
    {
        if (_entryCount / 2 > _kept)
        {
            KeepFirst((int)_kept);
            _spareRows = null;   // its memory counts once it is used again
            if (TryHoldAll())
                return;
        }

        WriteRun(_runs ??= new SortRuns(Context, Measure));
    }

    /// <summary>Puts the rows in memory on the disk as a run, and lets them go.</summary>
    private void WriteRun(SortRuns runs)
    {
        SortEntries();
        int count = (int)Math.Min(_entryCount, _kept);
        for (int i = 0; i < count; i++)
        {
            if ((i & 0x3FF) == 0)
                Context.ThrowIfStopped();
            SortEntry entry = _entries[i];
            RowBatch chunk = _rows.ChunkOf(entry.Row, out int place);
            runs.File.Add(_keys.Written.Slice(entry.KeyStart, entry.KeyLength), chunk, place, _columns);
        }

        if (count > 0)
            runs.EndRun();
        LetGo();
        _entries = [];   // else it may be all that there is room for
    }

    private RowBatch? NextMerged(SortRuns runs)
    {
        Context.ThrowIfStopped();
        _output.Reset();
        int filled = 0;
        for (; filled < RowBatch.RowCountMax && _givenCount < _kept && runs.Next() is { } row; filled++, _givenCount++)
            row.CopyTo(_output, filled, _columns);
        _output.RowCount = filled;
        return filled > 0 ? _output : null;
    }

    private void Add(RowBatch batch, int row)
    {
        int start = _keys.Length;
        foreach (SortKey key in _sortKeys)
            RowKeyWriter.Append(batch.Column(key.Column), row, key.IsDescending, _keys);
        if (_entryCount == _entries.Length)
            Array.Resize(ref _entries, Math.Max(256, 2 * _entryCount));
        _entries[_entryCount++] = new SortEntry(_rows.Count, start, _keys.Length - start, Head(_keys.Written[start..]));
        _rows.Add(batch, row, _columns);
    }

    private void SortEntries()
    {
        try
        {
            _entries.AsSpan(0, _entryCount).Sort(_compare);
        }
        catch (InvalidOperationException exception) when (exception.InnerException is SqlException stopped)
        {
            // Sorting wraps what its comparison throws.
            throw new SqlException(stopped.Error);
        }
    }

    private void KeepFirst(int kept)
    {
        SortEntries();
        RowStore target = _spareRows ?? new RowStore(_types);
        target.Clear();
        var scratch = new RowBatch(_types, 1) { RowCount = 1 };
        var keys = new ByteWriter();
        for (int i = 0; i < kept; i++)
        {
            SortEntry entry = _entries[i];
            scratch.Reset();
            _rows.CopyTo(entry.Row, scratch, 0, _columns);
            int start = keys.Length;
            keys.Write(_keys.Written.Slice(entry.KeyStart, entry.KeyLength));
            target.Add(scratch, 0, _columns);
            _entries[i] = entry with { Row = i, KeyStart = start };
        }

        _keys.Clear();
        _keys.Write(keys.Written);
        keys.Dispose();
        _entryCount = kept;
        (_rows, _spareRows) = (target, _rows);
        _spareRows.Clear();
    }

    private void Forget()
    {
        LetGo();
        _runs?.Dispose();
        _runs = null;
        _givenCount = 0;
        _next = 0;
    }

    private void LetGo()
    {
        _rows.Clear();
        _spareRows?.Clear();
        _keys.Clear();
        Hold(0);
        _entryCount = 0;
        if (_entries.Length > 1 << 16)
            _entries = [];
    }

    private int Compare(SortEntry left, SortEntry right)
    {
        if ((++_compareCount & 0xFFFF) == 0)
            Context.ThrowIfStopped();
        int order = left.Head.CompareTo(right.Head);
        if (order == 0 && (left.KeyLength > 8 || right.KeyLength > 8))
        {
            ReadOnlySpan<byte> keys = _keys.Written;
            order = keys.Slice(left.KeyStart, left.KeyLength).SequenceCompareTo(keys.Slice(right.KeyStart, right.KeyLength));
        }

        // The row number makes the order total, and the sort stable.
        return order != 0 ? order : left.Row.CompareTo(right.Row);
    }

    private static ulong Head(ReadOnlySpan<byte> key)
    {
        ulong head = 0;
        for (int i = 0; i < 8; i++)
            head = (head << 8) | (i < key.Length ? key[i] : 0u);
        return head;
    }

    private readonly record struct SortEntry(int Row, int KeyStart, int KeyLength, ulong Head);
}
