using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Spilling;

/// <summary>
/// Both sides of a join on the disk, spread by key, so that partners are in parts of one number. The parts are joined one after another:
/// the right rows of one are put in memory. A part too large for that is divided again; where all of it is one key, or there are no keys,
/// its right rows are taken a block at a time, each of which meets all left rows of the part.
/// </summary>
internal sealed class JoinSpill : IDisposable
{
    private readonly StatementContext _context;
    private readonly OperatorMeasure? _measure;
    private readonly int[] _leftSlots;
    private readonly bool _needsRight;
    private readonly Stack<Part> _waiting = [];
    private SpillSpread _right;
    private SpillSpread _left;
    private Part _part;
    private SpillReader? _leftReader;
    private ulong[] _matched = [];
    private long _batchStart;
    private long _batchEnd;

    /// <summary>Begins with nothing. With <paramref name="needsRight"/> left rows without a right row in reach are of no interest.</summary>
    public JoinSpill(StatementContext context, OperatorMeasure? measure, int[] leftSlots, bool needsRight)
    {
        _context = context;
        _measure = measure;
        _leftSlots = leftSlots;
        _needsRight = needsRight;
        _right = new SpillSpread(context, measure, 0);
        _left = new SpillSpread(context, measure, 0);
        context.Session.Counters.Add(StatusCounter.CreatedTmpDiskTables);
    }

    /// <summary>The right rows of the part under way.</summary>
    public SpillReader? Right { get; private set; }

    /// <summary>True where the left rows do not come again.</summary>
    public bool IsLastPass { get; private set; } = true;

    /// <summary>True where the part under way may fit into memory once it is divided.</summary>
    public bool CanDivide => _part is { IsOfOneKey: false, Depth: < SpillSpread.DepthMax };

    /// <summary>Adds a right row. An empty key is that of all rows, where a join has no keys.</summary>
    public void AddRight(ReadOnlySpan<byte> key, RowBatch source, int row, ReadOnlySpan<int> columns) =>
        FileOf(_right, 0, key).Add(key, source, row, columns);

    /// <summary>Adds a left row. An empty key is that of a row that has a NULL in it, too.</summary>
    public void AddLeft(ReadOnlySpan<byte> key, RowBatch source, int row) => FileOf(_left, 0, key).Add(key, source, row, _leftSlots);

    /// <summary>Ends the adding.</summary>
    public void Finish(bool hasKeys) => Queue(0, isOneKey: _ => !hasKeys);

    /// <summary>Begins the next part, before its first right row; false at the end.</summary>
    public bool NextPart()
    {
        EndPart();
        if (!_waiting.TryPop(out Part next))
            return false;
        _part = next;
        Right = next.Right is null ? null : new SpillReader(next.Right, next.Right.All);
        _matched = [];
        return true;
    }

    /// <summary>Divides the part under way into parts of their own.</summary>
    public void Divide()
    {
        int depth = _part.Depth + 1;
        _right = new SpillSpread(_context, _measure, depth);
        _left = new SpillSpread(_context, _measure, depth);
        Spread(_part.Right!, _right, depth);
        Spread(_part.Left!, _left, depth);
        long rightCount = _part.Right!.RowCount;
        Queue(depth, isOneKey: right => right.RowCount == rightCount);   // nothing was told apart
    }

    /// <summary>Begins a pass over the left rows of the part.</summary>
    public void BeginPass(bool isLast)
    {
        if (!isLast && _matched.Length == 0)
            _matched = new ulong[(_part.Left!.RowCount + 63) >> 6];
        _leftReader?.Dispose();
        _leftReader = new SpillReader(_part.Left!, _part.Left!.All);
        _batchEnd = 0;
        IsLastPass = isLast;
    }

    /// <summary>The next left rows of the pass, as many as are in <paramref name="target"/> then; 0 at its end, and where there is no pass.</summary>
    public int ReadLeft(RowBatch target, Span<int> firstPartners, JoinTable table)
    {
        _context.ThrowIfStopped();
        target.Reset();
        int count = 0;
        for (; _leftReader is not null && count < RowBatch.RowCountMax && _leftReader.Read(); count++)
        {
            _leftReader.CopyTo(target, count, _leftSlots);
            firstPartners[count] = table.FirstOf(_leftReader.Key);
        }

        target.RowCount = count;
        (_batchStart, _batchEnd) = (_batchEnd, _batchEnd + count);
        return count;
    }

    /// <summary>Keeps which left rows of the batch under way found partners, for the passes to come.</summary>
    public void KeepMatches(ReadOnlySpan<bool> matched)
    {
        for (int i = 0; i < matched.Length; i++)
        {
            if (matched[i])
                _matched[(_batchStart + i) >> 6] |= 1UL << (int)(_batchStart + i);
        }
    }

    /// <summary>True where a row of the batch under way found a partner in an earlier pass.</summary>
    public bool IsMatched(int index) => _matched.Length > 0 && (_matched[(_batchStart + index) >> 6] & (1UL << (int)(_batchStart + index))) != 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        EndPart();
        _right.Dispose();
        _left.Dispose();
        while (_waiting.TryPop(out Part part))
            part.Dispose();
    }

    private static SpillFile FileOf(SpillSpread spread, int depth, ReadOnlySpan<byte> key) =>
        spread.FileAt(key.IsEmpty ? 0 : SpillSpread.IndexOf(key, depth));

    private void EndPart()
    {
        Right?.Dispose();
        _leftReader?.Dispose();
        (Right, _leftReader) = (null, null);
        IsLastPass = true;
        _part.Dispose();
        _part = default;
    }

    private void Spread(SpillFile source, SpillSpread target, int depth)
    {
        using var reader = new SpillReader(source, source.All);
        for (int i = 0; reader.Read(); i++)
        {
            if ((i & 0x3FF) == 0)
                _context.ThrowIfStopped();
            FileOf(target, depth, reader.Key).Add(reader);
        }
    }

    /// <summary>Has what was spread wait to be joined.</summary>
    private void Queue(int depth, Func<SpillFile, bool> isOneKey)
    {
        for (int i = 0; i < SpillSpread.FileCount; i++)
        {
            SpillFile? right = _right.Take(i);
            var part = new Part(right, _left.Take(i), depth, right is not null && isOneKey(right));
            if (part.Left is null || (_needsRight && part.Right is null))
                part.Dispose();
            else
                _waiting.Push(part);
        }
    }

    private readonly record struct Part(SpillFile? Right, SpillFile? Left, int Depth, bool IsOfOneKey) : IDisposable
    {
        public void Dispose()
        {
            Right?.Dispose();
            Left?.Dispose();
        }
    }
}
