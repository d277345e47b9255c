namespace P2PDB.Engine.Log;

/// <summary>
/// Bugs that the simulator plants to see that it would find them. Production has none of them; nothing but the simulator
/// and its tests opens a log with any.
/// </summary>
internal sealed record LogFaults
{
    /// <summary>No bug.</summary>
    public static LogFaults None { get; } = new();

    /// <summary>Entries are held although entries that they name as parents are not.</summary>
    public bool IsParentCheckOff { get; init; }
}
