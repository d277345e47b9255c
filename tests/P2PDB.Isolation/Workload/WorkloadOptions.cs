using P2PDB.Isolation.History;

namespace P2PDB.Isolation.Workload;

/// <summary>What a run does.</summary>
internal sealed record WorkloadOptions
{
    /// <summary>Chooses every session's statements.</summary>
    public required int Seed { get; init; }

    /// <summary>The level of all sessions; null gives each another one.</summary>
    public IsolationLevel? Level { get; init; }

    /// <summary>Sessions at work together.</summary>
    public int SessionCount { get; init; } = 6;

    /// <summary>Transactions of a session in one history.</summary>
    public int TransactionCount { get; init; } = 100;

    /// <summary>Lists: few, so that they are fought for.</summary>
    public int ListCount { get; init; } = 5;

    /// <summary>Groups.</summary>
    public int GroupCount { get; init; } = 2;

    /// <summary>Rows that a session may move into a group; afterwards it inserts.</summary>
    public int SpareCount { get; init; } = 20;
}
