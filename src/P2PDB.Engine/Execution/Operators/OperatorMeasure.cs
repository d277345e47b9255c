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
