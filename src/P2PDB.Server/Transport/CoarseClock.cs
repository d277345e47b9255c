namespace P2PDB.Server.Transport;

/// <summary>Seconds since the server started, advanced by its timer: reading it costs a load, not a system call.</summary>
internal sealed class CoarseClock
{
    private long _now;

    /// <summary>Whole seconds since the start.</summary>
    public long Now => Volatile.Read(ref _now);

    /// <summary>Moves the clock on.</summary>
    public void Set(long seconds) => Volatile.Write(ref _now, seconds);
}
