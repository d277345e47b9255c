using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Log;

// Who let a node in may lose the entries that say so: with the end of its journal, or by going on from an older copy. It then takes
// the node for a stranger, and hears nothing that could tell it better. The node has those entries: genesis, invite, claim and
// admission for each step from the owner to itself. They prove themselves, so it can show them.

/// <summary>The entries by which a node shows that it belongs to a database.</summary>
internal static class MembershipEvidence
{
    /// <summary>Copies the durable entries that a node can show; false when there are none, or more than <paramref name="lengthMax"/> bytes.</summary>
    public static bool TryRead(DatabaseLog log, in PublicKey nodeKey, int lengthMax, ByteWriter target)
    {
        HashSet<EntryId> evidence = log.Access.EvidenceOf(nodeKey);
        foreach (EntryId id in evidence)
        {
            if (!log.TryLocate(id, out _, out ulong seq) || log.Published.ReadRange(id, seq, lengthMax, target) == 0 || target.Length > lengthMax)
                return false;
        }

        return evidence.Count > 0;
    }

    /// <summary>
    /// Whether a node would be a member, or have claimed an open invite, if the entries it shows were held. With them counts all that
    /// is held: a seat that somebody else took before is taken.
    /// </summary>
    public static bool IsConvincing(DatabaseLog log, in PublicKey nodeKey, ReadOnlySpan<byte> evidence)
    {
        List<AccessOp> ops = [];
        while (!evidence.IsEmpty)
        {
            if (EntryReader.TryRead(evidence, out EntryReader entry) != EntryStatus.Valid)
                return false;
            evidence = evidence[entry.Bytes.Length..];
            EntryId id = entry.ComputeId();
            if (log.Contains(id))
                continue;
            if (entry.IsGenesis || entry.Database != log.Id || EntryVerifier.VerifyBody(entry) != EntryStatus.Valid
                || EntryVerifier.VerifySignature(entry, id) != EntryStatus.Valid || !TryAddOps(log.Id, entry, id, ops))
            {
                return false;
            }
        }

        return log.AccessWith(ops).IsExpected(nodeKey);
    }

    private static bool TryAddOps(in DatabaseId database, in EntryReader entry, in EntryId id, List<AccessOp> target)
    {
        using ByteWriter raw = new();
        Span<byte> bytes = raw.GetSpan(Math.Max(entry.RawBodyLength, 1))[..entry.RawBodyLength];
        if (!entry.TryDecompressBody(bytes) || BodyReader.TryRead(entry, bytes, out BodyReader body) != EntryStatus.Valid)
            return false;
        OpReader ops = body.Ops;
        while (ops.MoveNext())
        {
            if (!ops.Kind.IsAccess())
                continue;
            if (ops.Kind == OpKind.Genesis || !AccessFormat.IsWellFormed(ops.Kind, ops.Payload))
                return false;
            AccessOp op = AccessOp.Read(database, entry, id, ops, target.Count);
            // Whether the author may is what the fold finds out.
            op.Counts = true;
            target.Add(op);
        }

        return true;
    }
}
