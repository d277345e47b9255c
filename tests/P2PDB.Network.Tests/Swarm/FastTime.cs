namespace P2PDB.Network.Tests.Swarm;

/// <summary>A clock that runs faster than the wall's, so that minutes of back-off pass within a test.</summary>
internal sealed class FastTime(int factor) : TimeProvider
{
    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _start + (factor * (base.GetUtcNow() - _start));

    public override long GetTimestamp() => factor * base.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, Scale(dueTime), Scale(period));

    private TimeSpan Scale(TimeSpan time) => time > TimeSpan.Zero ? time / factor : time;
}
