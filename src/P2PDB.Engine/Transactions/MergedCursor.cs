using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Transactions;

// MERGED CURSOR
//
// Two ordered cursors read as one: the committed tree and the transaction's write set. Both stand at or past the current
// key in the direction of travel; the current key is the nearer of the two. Where both have it the write set wins, and
// where the write set says "deleted" the key is passed over. Turning round means seeking both anew from the current key,
// since one of them may stand anywhere beyond it.

/// <summary>One ordered tree as a transaction sees it: committed records with its own changes over them.</summary>
internal sealed class MergedCursor : IDisposable
{
    private readonly RecordBuffer _turningKey = new();
    private Cursor? _committed;
    private Cursor? _written;
    private bool _committedIsCurrent;
    private bool _writtenIsCurrent;
    private bool _goesForward;

    /// <summary>True when the cursor stands on a record.</summary>
    public bool IsValid => _committedIsCurrent || _writtenIsCurrent;

    /// <summary>True when the current record comes from the transaction's own write set.</summary>
    public bool IsWritten => _writtenIsCurrent;

    /// <summary>Key of the current record, valid until the next move.</summary>
    public ReadOnlySpan<byte> Key => _writtenIsCurrent ? _written!.Key : _committed!.Key;

    /// <summary>Value of the current record: an <see cref="OverlayRecord"/> where <see cref="IsWritten"/>, else as stored.</summary>
    public ReadOnlySpan<byte> Value => _writtenIsCurrent ? _written!.Value : _committed!.Value;

    /// <summary>Cursor over the committed tree that may be used again for the next opening.</summary>
    public Cursor? RecycledCommitted => _committed;

    /// <summary>Cursor over the write set that may be used again for the next opening.</summary>
    public Cursor? RecycledWritten { get; private set; }

    /// <summary>Starts over with other cursors; <paramref name="written"/> is null where the write set has no such tree.</summary>
    public void Open(Cursor committed, Cursor? written)
    {
        _committed = committed;
        _written = written;
        if (written is not null)
            RecycledWritten = written;
        else
            RecycledWritten?.Park();
        _committedIsCurrent = _writtenIsCurrent = false;
    }

    /// <summary>Moves to the first record at or after <paramref name="key"/>.</summary>
    public bool SeekGe(ReadOnlySpan<byte> key)
    {
        _committed!.SeekGe(key);
        _written?.SeekGe(key);
        return SettleForward();
    }

    /// <summary>Moves to the last record at or before <paramref name="key"/>.</summary>
    public bool SeekLe(ReadOnlySpan<byte> key)
    {
        _committed!.SeekLe(key);
        _written?.SeekLe(key);
        return SettleBackward();
    }

    /// <summary>Moves to the first record.</summary>
    public bool SeekFirst()
    {
        _committed!.SeekFirst();
        _written?.SeekFirst();
        return SettleForward();
    }

    /// <summary>Moves to the last record.</summary>
    public bool SeekLast()
    {
        _committed!.SeekLast();
        _written?.SeekLast();
        return SettleBackward();
    }

    /// <summary>Moves one record forward; false past the last one.</summary>
    public bool Next()
    {
        // PERF: most walks are over committed records alone.
        if (_written is null && _goesForward)
            return _committedIsCurrent = _committed!.Next();
        if (!_goesForward)
        {
            _turningKey.Set(Key);
            if (!SeekGe(_turningKey.Span))
                return false;
        }

        StepForward();
        return SettleForward();
    }

    /// <summary>Moves one record back; false before the first one.</summary>
    public bool Previous()
    {
        if (_goesForward)
        {
            _turningKey.Set(Key);
            if (!SeekLe(_turningKey.Span))
                return false;
        }

        StepBackward();
        return SettleBackward();
    }

    /// <summary>As <see cref="Cursor.CountBefore"/>: for walks forward.</summary>
    public int CountBefore(ReadOnlySpan<byte> end) =>
        _written is null ? _committed!.CountBefore(end) : Key.SequenceCompareTo(end) < 0 ? 1 : 0;

    /// <summary>As <see cref="Cursor.NextValue"/>, where <see cref="CountBefore"/> said that more than the current record are there: committed ones then.</summary>
    public ReadOnlySpan<byte> NextValue() => _committed!.NextValue();

    /// <summary>Lets go of the memory that the cursor stands on; it is opened again before it is read.</summary>
    public void Park()
    {
        _committed?.Park();
        _written?.Park();
        _committedIsCurrent = _writtenIsCurrent = false;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _committed?.Dispose();
        RecycledWritten?.Dispose();
    }

    private void StepForward()
    {
        if (_committedIsCurrent)
            _committed!.Next();
        if (_writtenIsCurrent)
            _written!.Next();
    }

    private void StepBackward()
    {
        if (_committedIsCurrent)
            _committed!.Previous();
        if (_writtenIsCurrent)
            _written!.Previous();
    }

    private bool SettleForward()
    {
        _goesForward = true;
        while (Choose(1))
        {
            if (!_writtenIsCurrent || !OverlayRecord.IsDeleted(_written!.Value))
                return true;
            StepForward();
        }

        return false;
    }

    private bool SettleBackward()
    {
        _goesForward = false;
        while (Choose(-1))
        {
            if (!_writtenIsCurrent || !OverlayRecord.IsDeleted(_written!.Value))
                return true;
            StepBackward();
        }

        return false;
    }

    /// <summary>Finds which cursor has the nearer key, travelling in the direction of <paramref name="sign"/>.</summary>
    private bool Choose(int sign)
    {
        bool hasCommitted = _committed!.IsValid;
        bool hasWritten = _written is not null && _written.IsValid;
        if (hasCommitted && hasWritten)
        {
            int order = sign * _committed.Key.SequenceCompareTo(_written!.Key);
            _committedIsCurrent = order <= 0;
            _writtenIsCurrent = order >= 0;
        }
        else
        {
            _committedIsCurrent = hasCommitted;
            _writtenIsCurrent = hasWritten;
        }

        return hasCommitted || hasWritten;
    }
}
