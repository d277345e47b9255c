using System.Collections.Concurrent;
using System.Diagnostics;

namespace P2PDB.Isolation.Workload;

/// <summary>What the sessions of one history share.</summary>
internal sealed class WorkloadState
{
    private int _lastId;

    /// <summary>Members that somebody made, with their groups, for others to take away.</summary>
    public ConcurrentQueue<(int Id, int Group)> Members { get; } = new();

    /// <summary>A number that no element or member has.</summary>
    public int NextId() => Interlocked.Increment(ref _lastId);

    /// <summary>The time, the same for all sessions.</summary>
    public static long Now => Stopwatch.GetTimestamp();
}
