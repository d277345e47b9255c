using System.Buffers.Binary;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Log;

// LIFE FILE v1, "life": 0 "P2PDBLIF" · 8 token 16 · 24 u64 device · 32 u64 number · 40 u64 birth · 48 u32 CRC32C of bytes 0..48
// Device, number and birth are those of the file itself: in a copy they differ. Spec: docs/formats/identity.md

/// <summary>The file that names the life of a data directory.</summary>
internal static class LifeFile
{
    private const string LifePath = "life";
    private const int Length = 52;

    private static ReadOnlySpan<byte> Magic => "P2PDBLIF"u8;

    /// <summary>Reads the life's token; false when the file is absent, damaged, or one of another directory.</summary>
    public static bool TryRead(StorageVolume volume, out UInt128 life)
    {
        life = default;
        byte[]? bytes = volume.TryReadAll(LifePath);
        // A damaged file proves nothing: a new life is always right, only costs a key.
        if (bytes is null || bytes.Length != Length || !bytes.AsSpan().StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(48)) != Crc32C.Compute(bytes.AsSpan(0, 48)))
        {
            return false;
        }

        if (FileIdentity.Read(bytes.AsSpan(24)) != volume.IdentityOf(LifePath))
            return false;
        life = BinaryPrimitives.ReadUInt128LittleEndian(bytes.AsSpan(8));
        return true;
    }

    /// <summary>Writes the token of a life, durably.</summary>
    public static void Write(StorageVolume volume, UInt128 life) => volume.Replace(LifePath, identity =>
    {
        byte[] bytes = new byte[Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes.AsSpan(8), life);
        identity.CopyTo(bytes.AsSpan(24));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(48), Crc32C.Compute(bytes.AsSpan(0, 48)));
        return bytes;
    });
}
