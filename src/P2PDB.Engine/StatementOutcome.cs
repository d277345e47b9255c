namespace P2PDB.Engine;

/// <summary>How a statement ended well: the figures of MySQL's OK packet.</summary>
public readonly record struct StatementOutcome
{
    /// <summary>Rows changed, or found where the session counts found rows.</summary>
    public ulong AffectedRows { get; init; }

    /// <summary>First value that AUTO_INCREMENT generated, or 0.</summary>
    public ulong LastInsertId { get; init; }

    /// <summary>How many warnings SHOW WARNINGS would list.</summary>
    public int Warnings { get; init; }

    /// <summary>Text for people such as <c>Rows matched: 1  Changed: 1  Warnings: 0</c>; empty where there is none.</summary>
    public StatementMessage Message { get; init; }

    /// <summary>State of the session after the statement.</summary>
    public SessionStatus Status { get; init; }

    /// <summary>True when another result follows in the same call.</summary>
    public bool MoreResults => (Status & SessionStatus.MoreResults) != 0;
}
