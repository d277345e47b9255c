namespace P2PDB.Isolation.History;

/// <summary>One statement of a transaction, with its answer.</summary>
internal sealed record Operation
{
    /// <summary>What it did.</summary>
    public required OperationKind Kind { get; init; }

    /// <summary>How it read, where it did.</summary>
    public ReadMode Mode { get; init; }

    /// <summary>Lists that were read, by key.</summary>
    public Dictionary<int, int[]> Lists { get; init; } = [];

    /// <summary>The list that was appended to, or the group.</summary>
    public int Key { get; init; }

    /// <summary>The element or the member, unique in the history.</summary>
    public int Id { get; init; }

    /// <summary>
    /// For an append that asks for what the list holds (<c>… AND v = '…'</c>) and was carried out: the number of elements it asked
    /// for; else null.
    /// </summary>
    public int? ExpectedCount { get; init; }

    /// <summary>Members that were read.</summary>
    public int[] Members { get; init; } = [];

    /// <summary>
    /// Where the transaction went back to a savepoint before this statement: how many statements had been carried out by then;
    /// else 0.
    /// </summary>
    public int UndoneBefore { get; set; }

    /// <summary>When the statement was sent, in ticks of one clock for all sessions.</summary>
    public long Started { get; init; }
}
