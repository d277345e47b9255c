using System.Buffers.Binary;
using System.Security.Cryptography;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Log;

// KEY FILE v1: 0 "P2PDBKEY" · 8 seed 32 · 40 previous author key or zero 32 · 72 life token 16 · 88 u32 CRC32C of bytes 0..88

/// <summary>Reads and writes the files that hold secret keys.</summary>
internal static class KeyFile
{
    private const int Length = 92;

    private static ReadOnlySpan<byte> Magic => "P2PDBKEY"u8;

    /// <summary>Reads a key file; false when it is absent, <see cref="CorruptionException"/> when it is damaged.</summary>
    public static bool TryRead(
        StorageVolume volume, string path, Span<byte> seed, out AuthorKey previous, out UInt128 life)
    {
        previous = default;
        life = default;
        byte[]? bytes = volume.TryReadAll(path);
        if (bytes is null)
            return false;
        if (bytes.Length != Length || !bytes.AsSpan().StartsWith(Magic)
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(88)) != Crc32C.Compute(bytes.AsSpan(0, 88)))
        {
            throw new CorruptionException(path, 0, "the key file is not whole");
        }

        bytes.AsSpan(8, 32).CopyTo(seed);
        previous = AuthorKey.Read(bytes.AsSpan(40));
        life = BinaryPrimitives.ReadUInt128LittleEndian(bytes.AsSpan(72));
        CryptographicOperations.ZeroMemory(bytes);
        return true;
    }

    /// <summary>The key of a file, which the caller owns; null when the file is absent, <see cref="CorruptionException"/> when it is damaged.</summary>
    public static SigningKey? ReadKey(StorageVolume volume, string path)
    {
        Span<byte> seed = stackalloc byte[Ed25519.SeedLength];
        if (!TryRead(volume, path, seed, out _, out _))
            return null;
        SigningKey key = SigningKey.FromSeed(seed);
        CryptographicOperations.ZeroMemory(seed);
        return key;
    }

    /// <summary>Throws <see cref="CorruptionException"/> when the file is there and damaged.</summary>
    public static void Check(StorageVolume volume, string path)
    {
        Span<byte> seed = stackalloc byte[Ed25519.SeedLength];
        TryRead(volume, path, seed, out _, out _);
        CryptographicOperations.ZeroMemory(seed);
    }

    /// <summary>Writes a key file, durably.</summary>
    public static void Write(
        StorageVolume volume, string path, ReadOnlySpan<byte> seed, in AuthorKey previous, UInt128 life)
    {
        Span<byte> bytes = stackalloc byte[Length];
        Magic.CopyTo(bytes);
        seed.CopyTo(bytes[8..]);
        previous.CopyTo(bytes[40..]);
        BinaryPrimitives.WriteUInt128LittleEndian(bytes[72..], life);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[88..], Crc32C.Compute(bytes[..88]));
        volume.Replace(path, bytes);
        CryptographicOperations.ZeroMemory(bytes);
    }
}
