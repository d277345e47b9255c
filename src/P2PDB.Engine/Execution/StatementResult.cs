namespace P2PDB.Engine.Execution;

/// <summary>What an executor leaves for the answer: rows that were given out already, or figures for an OK.</summary>
internal readonly record struct StatementResult
{
    /// <summary>True where a result set was opened and all its rows were given out.</summary>
    public bool HasRows { get; init; }

    /// <summary>Rows changed.</summary>
    public ulong AffectedRows { get; init; }

    /// <summary>First generated AUTO_INCREMENT value, or 0.</summary>
    public ulong LastInsertId { get; init; }

    /// <summary>Text for the client, or none.</summary>
    public StatementMessage Message { get; init; }

    /// <summary>Nothing to say.</summary>
    public static StatementResult Done => default;

    /// <summary>Rows were given out.</summary>
    public static StatementResult Rows => new() { HasRows = true };
}
