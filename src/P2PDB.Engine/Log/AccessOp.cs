using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Log;

/// <summary>One access operation of a held entry.</summary>
internal sealed class AccessOp
{
    /// <summary>This node's number of the operation, in the order it came to hold them.</summary>
    public required int Number { get; init; }

    /// <summary>What it does.</summary>
    public required OpKind Kind { get; init; }

    /// <summary>The payload, well-formed.</summary>
    public required byte[] Payload { get; init; }

    /// <summary>The entry that holds it.</summary>
    public required EntryId Entry { get; init; }

    /// <summary>Who wrote it.</summary>
    public required AuthorKey Author { get; init; }

    /// <summary>The entry's time.</summary>
    public required HlcTimestamp Hlc { get; init; }

    /// <summary>Index among the entry's operations.</summary>
    public required int OpIndex { get; init; }

    /// <summary>False when a signature inside the payload does not verify: the operation has no effect anywhere.</summary>
    public required bool IsAuthentic { get; init; }

    /// <summary>
    /// True when its entry is effective, or when it needs no standing: certificates and claims are how one comes to have it.
    /// </summary>
    public bool Counts { get; set; }

    /// <summary>Copies the operation that <paramref name="op"/> stands at.</summary>
    public static AccessOp Read(in DatabaseId database, in EntryReader entry, in EntryId id, in OpReader op, int number) => new()
    {
        Number = number,
        Kind = op.Kind,
        Payload = op.Payload.ToArray(),
        Entry = id,
        Author = entry.Author,
        Hlc = entry.Hlc,
        OpIndex = op.OpIndex,
        IsAuthentic = AccessFormat.VerifySignatures(op.Kind, op.Payload, database, entry.Author),
    };

    /// <summary>The one total order.</summary>
    public static int CompareInOrder(AccessOp left, AccessOp right)
    {
        int order = left.Hlc.CompareTo(right.Hlc);
        if (order == 0)
            order = left.Author.CompareTo(right.Author);
        if (order == 0)
            order = left.Entry.CompareTo(right.Entry);
        return order != 0 ? order : left.OpIndex.CompareTo(right.OpIndex);
    }
}
