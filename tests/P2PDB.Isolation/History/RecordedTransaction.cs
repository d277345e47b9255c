namespace P2PDB.Isolation.History;

/// <summary>One transaction of one session, as its client saw it.</summary>
internal sealed record RecordedTransaction
{
    /// <summary>The session.</summary>
    public int Session { get; init; }

    /// <summary>Its level.</summary>
    public required IsolationLevel Level { get; init; }

    /// <summary>True once the server has said that it is committed; else it was rolled back, by its client or by the server.</summary>
    public bool IsCommitted { get; set; }

    /// <summary>When it began, before the first statement was sent.</summary>
    public long Began { get; init; }

    /// <summary>When the answer to its last statement had come.</summary>
    public long Ended { get; set; }

    /// <summary>Its statements, those that failed left out.</summary>
    public List<Operation> Operations { get; init; } = [];
}
