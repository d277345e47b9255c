using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Log;

/// <summary>What the memory has of one held entry.</summary>
/// <param name="Position">Where it is in its log.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Seq">0-based position in the author's chain.</param>
/// <param name="Id">Its id.</param>
/// <param name="Hlc">Its time.</param>
/// <param name="Flags">The header's flags.</param>
/// <param name="Standing">What it counts for.</param>
/// <param name="Length">Bytes, padding included.</param>
internal readonly record struct HeldEntry(
    EntryPosition Position, AuthorKey Author, ulong Seq, EntryId Id, HlcTimestamp Hlc, EntryFlags Flags, EntryStanding Standing, int Length);
