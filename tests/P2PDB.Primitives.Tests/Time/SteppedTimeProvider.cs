namespace P2PDB.Primitives.Tests.Time;

/// <summary>A wall clock that stands where a test puts it.</summary>
internal sealed class SteppedTimeProvider : TimeProvider
{
    public long Milliseconds { get; set; }

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds);
}
