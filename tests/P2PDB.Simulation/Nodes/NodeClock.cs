namespace P2PDB.Simulation.Nodes;

/// <summary>One node's wall clock: the true time, and wrong by as much as the simulation says.</summary>
internal sealed class NodeClock(SimulatedTime time) : TimeProvider
{
    public TimeSpan Skew { get; set; }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => time.Now + Skew;

    public override long GetTimestamp() => time.Now.Ticks;
}
