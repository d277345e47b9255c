namespace P2PDB.Engine.Log;

/// <summary>One of the entries that are offered to a log together.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="Length">Its bytes; what does not begin like an entry reaches to the end.</param>
/// <param name="Id">Zero where it is none.</param>
/// <param name="IsAuthentic">Its own signature, or a later entry of its chain that was offered with it, proves it.</param>
/// <param name="IsVerified">Its own signature was verified.</param>
internal readonly record struct OfferedEntry(int Offset, int Length, EntryId Id, bool IsAuthentic, bool IsVerified)
{
    /// <summary>
    /// Finds the entries that lie back to back and what proves each: from the last to the first, so that one signature at the end of a
    /// chain's run proves the run. What is <paramref name="held"/> already needs no proof.
    /// </summary>
    public static List<OfferedEntry> Find(ReadOnlySpan<byte> entries, EntryPositions held)
    {
        List<OfferedEntry> offered = [];
        for (int offset = 0; offset < entries.Length;)
        {
            EntryStatus status = EntryReader.TryRead(entries[offset..], out EntryReader entry);
            int length = status == EntryStatus.Valid ? entry.Bytes.Length : entries.Length - offset;
            offered.Add(new(offset, length, status == EntryStatus.Valid ? entry.ComputeId() : default, false, false));
            offset += length;
        }

        HashSet<EntryId> proven = [];
        for (int i = offered.Count - 1; i >= 0; i--)
        {
            OfferedEntry offer = offered[i];
            if (offer.Id.IsZero || held.Contains(offer.Id))
                continue;
            EntryReader.TryRead(entries.Slice(offer.Offset, offer.Length), out EntryReader entry);
            bool isProven = proven.Contains(offer.Id);
            bool isVerified = !isProven && EntryVerifier.VerifySignature(entry, offer.Id) == EntryStatus.Valid;
            offered[i] = offer with { IsAuthentic = isProven || isVerified, IsVerified = isVerified };
            if (isProven || isVerified)
                proven.Add(entry.Previous);
        }

        return offered;
    }
}
