using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Log;

// GENERATED KEYS v1, "databases/<id>/generated": "P2PDBGEN" · u32 count · per table, ascending, {16 id · u64 limit} · u32 CRC32C of all before
// Spec: docs/formats/identity.md. Golden bytes: tests/P2PDB.Engine.Tests/Transactions/golden/generated-v1.hex

/// <summary>Reads and writes the file that says up to which value this node may have given out keys of each table.</summary>
internal static class GeneratedKeysFile
{
    private static ReadOnlySpan<byte> Magic => "P2PDBGEN"u8;

    /// <summary>The limits in a database's file, none where there is no file; <see cref="CorruptionException"/> on damage.</summary>
    public static SortedDictionary<TableId, ulong> Read(StorageVolume volume, in DatabaseId database)
    {
        if (volume.TryReadAll(PathOf(database)) is not { } bytes)
            return [];
        return TryDecode(bytes, out SortedDictionary<TableId, ulong> limits)
            ? limits
            : throw new CorruptionException(PathOf(database), 0, "the limits of generated keys are not whole");
    }

    /// <summary>Replaces a database's file, durably.</summary>
    public static void Write(StorageVolume volume, in DatabaseId database, SortedDictionary<TableId, ulong> limits)
    {
        using var bytes = new ByteWriter();
        bytes.Write(Magic);
        bytes.WriteUInt32((uint)limits.Count);
        foreach ((TableId table, ulong limit) in limits)
        {
            table.CopyTo(bytes.GetSpan(TableId.Length));
            bytes.Advance(TableId.Length);
            bytes.WriteUInt64(limit);
        }

        bytes.WriteUInt32(Crc32C.Compute(bytes.Written));
        volume.CreateDirectory($"databases/{database}");
        volume.Replace(PathOf(database), bytes.Written);
    }

    /// <summary>Decodes a file; false when it is not whole.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, out SortedDictionary<TableId, ulong> limits)
    {
        limits = [];
        if (bytes.Length < Magic.Length + (2 * sizeof(uint)) || !bytes.StartsWith(Magic))
            return false;
        var check = new ByteReader(bytes[^sizeof(uint)..]);
        check.TryReadUInt32(out uint expected);
        if (Crc32C.Compute(bytes[..^sizeof(uint)]) != expected)
            return false;

        var reader = new ByteReader(bytes[Magic.Length..^sizeof(uint)]);
        reader.TryReadUInt32(out uint count);
        TableId? last = null;
        for (uint i = 0; i < count; i++)
        {
            if (!reader.TryReadBytes(TableId.Length, out ReadOnlySpan<byte> bytesOfId) || !reader.TryReadUInt64(out ulong limit))
                return false;
            TableId table = TableId.Read(bytesOfId);
            if (last is { } before && before.CompareTo(table) >= 0)
                return false;
            limits.Add(table, limit);
            last = table;
        }

        return reader.IsAtEnd;
    }

    private static string PathOf(in DatabaseId database) => $"databases/{database}/generated";
}
