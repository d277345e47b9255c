using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Log;

/// <summary>The checks of an entry that need hashes or keys. Each has one meaning on all nodes.</summary>
internal static class EntryVerifier
{
    /// <summary>Whether the stored body is the one that the header, and so the id, names.</summary>
    public static EntryStatus VerifyBody(in EntryReader entry) =>
        Blake3.Hash(entry.StoredBody) == entry.BodyRoot ? EntryStatus.Valid : EntryStatus.BodyRootWrong;

    /// <summary>Whether the author signed the entry, whose id is <paramref name="id"/>.</summary>
    public static EntryStatus VerifySignature(in EntryReader entry, in EntryId id) =>
        IsSignature(entry.Author, id, entry.Signature) ? EntryStatus.Valid : EntryStatus.SignatureInvalid;

    /// <summary>Whether <paramref name="signature"/> is the author's signature of the entry with that id.</summary>
    public static bool IsSignature(in AuthorKey author, in EntryId id, ReadOnlySpan<byte> signature)
    {
        Span<byte> message = stackalloc byte[EntryFormat.SignedLength];
        EntryFormat.WriteSigned(id, message);
        return Ed25519.Verify(author.Key, message, signature);
    }

    /// <summary>Whether the entry is the next of the chain that ends in <paramref name="tip"/>.</summary>
    public static EntryStatus VerifyLink(in EntryReader entry, ChainTip tip)
    {
        if (entry.Seq != tip.NextSeq || entry.Previous != tip.Last)
            return EntryStatus.PreviousWrong;
        if (entry.HistoryRoot != tip.HistoryRoot)
            return EntryStatus.HistoryRootWrong;
        return entry.Hlc > tip.LastHlc ? EntryStatus.Valid : EntryStatus.TimeNotAfterParents;
    }
}
