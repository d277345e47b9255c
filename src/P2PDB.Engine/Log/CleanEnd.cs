using System.Buffers.Binary;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Log;

// ENDED FILE v1, "ended", little-endian:
//    0 "P2PDBEND" · 8 life token 16 · 24 device, number and birth of this file 24 · 48 u32 database count · 52 for each database,
//   ascending by id: id 32, author key 32, u64 entries of the author, id of the last of them 32 (zero: none) · u32 CRC32C of all before
// Spec: docs/formats/identity.md. Golden bytes: tests/P2PDB.Engine.Tests/Commit/golden/ended-v1.hex
//
// INVARIANT: while a node may write, the file is not there. So it is there at a start only after a clean end, and only of the last
// one: a copy of it, or one put back over it, names another file.

/// <summary>
/// What a clean end leaves behind: how far this node's own chains went. The next start may go on with their keys if it finds
/// just that; whatever else it finds, it cannot know what it has lost.
/// </summary>
internal static class CleanEnd
{
    private const string Path = "ended";
    private const int IdentityOffset = 24;
    private const int HeaderLength = 52;

    private static ReadOnlySpan<byte> Magic => "P2PDBEND"u8;

    /// <summary>Writes the file, durably. Everything else is durable before, and nothing is written after it.</summary>
    public static void Write(StorageVolume volume, NodeIdentity identity, IReadOnlyList<DatabaseLog> databases) =>
        volume.Replace(Path, file => Encode(file, identity, databases));

    /// <summary>
    /// Takes the file away, durably; true when it was there and names what was found: no entry of this node's own is missing.
    /// </summary>
    public static bool TryTake(StorageVolume volume, NodeIdentity identity, IReadOnlyList<DatabaseLog> databases)
    {
        if (volume.TryReadAll(Path) is not { } found)
            return false;
        bool isWhole = found.AsSpan().SequenceEqual(Encode(volume.IdentityOf(Path), identity, databases));
        volume.Delete(Path);
        volume.SyncDirectory(string.Empty);
        return isWhole;
    }

    private static byte[] Encode(in FileIdentity file, NodeIdentity identity, IReadOnlyList<DatabaseLog> databases)
    {
        using var bytes = new ByteWriter();
        Span<byte> header = bytes.GetSpan(HeaderLength)[..HeaderLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt128LittleEndian(header[8..], identity.Life);
        file.CopyTo(header[IdentityOffset..]);
        BinaryPrimitives.WriteInt32LittleEndian(header[48..], databases.Count);
        bytes.Advance(HeaderLength);
        List<DatabaseLog> ascending = [.. databases];
        ascending.Sort(static (left, right) => left.Id.CompareTo(right.Id));
        foreach (DatabaseLog database in ascending)
        {
            AuthorKey author = identity.KeptAuthorOf(database.Id);
            ChainTip? tip = database.FindChain(author)?.Tip;
            bytes.Write(database.Id.Hash.AsSpan());
            author.CopyTo(bytes.GetSpan(PublicKey.Length));
            bytes.Advance(PublicKey.Length);
            bytes.WriteUInt64(tip?.NextSeq ?? 0);
            bytes.Write((tip?.Last ?? default).Hash.AsSpan());
        }

        bytes.WriteUInt32(Crc32C.Compute(bytes.Written));
        return bytes.Written.ToArray();
    }
}
