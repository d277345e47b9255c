namespace P2PDB.Engine.Storage.Overlays;

/// <summary>A position in a sorted run, which the cursor holds until it is parked.</summary>
internal sealed class RunCursor : Cursor
{
    private readonly RunBlock _block = new();
    private SortedRun? _run;
    private int _blockIndex;
    private int _position = -1;

    public override bool IsValid => _position >= 0;

    public override ReadOnlySpan<byte> Key => _block.KeyAt(Position);

    public override ReadOnlySpan<byte> Value => _block.ValueAt(Position);

    private int Position
    {
        get
        {
            Invariant.Check(_position >= 0, "a cursor is read only where it stands");
            return _position;
        }
    }

    /// <summary>Turns the cursor to a run, standing nowhere.</summary>
    public void Open(SortedRun run)
    {
        _position = -1;
        if (ReferenceEquals(run, _run))
            return;
        Park();
        run.Hold();
        _run = run;
    }

    public override bool SeekGe(ReadOnlySpan<byte> key)
    {
        if (!Load(Math.Max(_run!.FindBlock(key), 0)))
            return false;
        _position = _block.LowerBound(key, out _);
        return _position < _block.Count || MoveBlock(forward: true);
    }

    public override bool SeekLe(ReadOnlySpan<byte> key)
    {
        if (!Load(_run!.FindBlock(key)))
            return false;
        int position = _block.LowerBound(key, out bool isEqual);
        _position = isEqual ? position : position - 1;
        return _position >= 0 || MoveBlock(forward: false);
    }

    public override bool SeekFirst()
    {
        if (!Load(0))
            return false;
        _position = 0;
        return true;
    }

    public override bool SeekLast()
    {
        if (!Load(_run!.BlockCount - 1))
            return false;
        _position = _block.Count - 1;
        return true;
    }

    public override bool Next()
    {
        _position = Position + 1;
        _block.ForgetLongValue();
        return _position < _block.Count || MoveBlock(forward: true);
    }

    public override bool Previous()
    {
        _position = Position - 1;
        _block.ForgetLongValue();
        return _position >= 0 || MoveBlock(forward: false);
    }

    public override void Park()
    {
        _position = -1;
        _block.Clear();
        _run?.Release();
        _run = null;
    }

    protected override void Dispose(bool disposing)
    {
        Park();
        base.Dispose(disposing);
    }

    /// <summary>Reads a block that may be none; the cursor stands nowhere then, and where it cannot be read.</summary>
    private bool Load(int blockIndex)
    {
        _position = -1;
        if ((uint)blockIndex >= (uint)_run!.BlockCount)
            return false;
        _block.Load(_run, blockIndex);
        _blockIndex = blockIndex;
        return true;
    }

    private bool MoveBlock(bool forward)
    {
        if (!Load(_blockIndex + (forward ? 1 : -1)))
            return false;
        _position = forward ? 0 : _block.Count - 1;
        return true;
    }
}
