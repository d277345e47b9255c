using System.Buffers.Binary;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Log;

// FOLLOW MARK v1: 0 "P2PDBFOL" · 8 u64 position in the journal · 16 u32 CRC32C of bytes 0..16

/// <summary>
/// Where the journal stood when this node began to follow a database of others. What the journal has of it from before is of an
/// earlier time, which ended with a drop: its beginning may be gone, so that it would not follow what is held.
/// </summary>
internal static class FollowMark
{
    private const int Length = 20;

    private static ReadOnlySpan<byte> Magic => "P2PDBFOL"u8;

    /// <summary>The position; 0 where there is no mark: the node made the database itself.</summary>
    public static long Read(StorageVolume volume, in DatabaseId database)
    {
        string path = PathOf(database);
        byte[]? bytes = volume.TryReadAll(path);
        if (bytes is null)
            return 0;
        if (bytes.Length != Length || !bytes.AsSpan().StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(16)) != Crc32C.Compute(bytes.AsSpan(0, 16)))
        {
            throw new CorruptionException(path, 0, "the follow mark is not whole");
        }

        return BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8));
    }

    /// <summary>Writes the mark, durably. The journal is durable up to the position.</summary>
    public static void Write(StorageVolume volume, in DatabaseId database, long position)
    {
        Span<byte> bytes = stackalloc byte[Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], position);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], Crc32C.Compute(bytes[..16]));
        volume.CreateDirectory($"databases/{database}");
        volume.Replace(PathOf(database), bytes);
    }

    private static string PathOf(in DatabaseId database) => $"databases/{database}/followed";
}
