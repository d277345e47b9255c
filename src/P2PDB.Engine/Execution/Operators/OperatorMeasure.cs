namespace P2PDB.Engine.Execution.Operators;

/// <summary>What one operator did in one execution, its inputs included, for EXPLAIN ANALYZE.</summary>
internal sealed class OperatorMeasure(TimeProvider clock)
{
    private long _started;
    private TimeSpan _timeOfLoop;
    private bool _hasRow;

    /// <summary>How often it was opened.</summary>
    public long Loops { get; private set; }

    /// <summary>Rows that it gave out in all loops.</summary>
    public long Rows { get; private set; }

    /// <summary>Time until the first row of each loop, summed up.</summary>
    public TimeSpan TimeToFirstRow { get; private set; }

    /// <summary>Time in all loops.</summary>
    public TimeSpan Time { get; private set; }

    /// <summary>Bytes that it wrote to the disk for want of memory.</summary>
    public long SpilledLength { get; private set; }

    /// <summary>In how many runs or partitions.</summary>
    public long SpilledPartCount { get; private set; }

    /// <summary>Takes note of bytes written to the disk.</summary>
    public void NoteSpilled(long length) => SpilledLength += length;

    /// <summary>Takes note of a run or partition there.</summary>
    public void NoteSpilledPart() => SpilledPartCount++;

    /// <summary>Begins a loop.</summary>
    public void BeginLoop()
    {
        Loops++;
        _timeOfLoop = default;
        _hasRow = false;
        Resume();
    }

    /// <summary>Begins a step of a loop.</summary>
    public void Resume() => _started = clock.GetTimestamp();

    /// <summary>Ends a step that gave out rows, or none.</summary>
    public void Pause(int rows)
    {
        TimeSpan time = clock.GetElapsedTime(_started);
        Time += time;
        _timeOfLoop += time;
        Rows += rows;
        if (rows == 0 || _hasRow)
            return;
        _hasRow = true;
        TimeToFirstRow += _timeOfLoop;
    }
}
