using System.Buffers.Binary;
using System.Numerics;

namespace P2PDB.Primitives.Hashing;

/// <summary>A fast 64-bit hash of key bytes. Its values never leave the process: nothing may rely on what they are.</summary>
public static class KeyHash
{
    /// <summary>The hash of a key; another seed is another hash.</summary>
    public static ulong Of(ulong seed, ReadOnlySpan<byte> key)
    {
        // PERF: multiply-and-fold over eight bytes at a time.
        ulong hash = (seed + 0x9E3779B97F4A7C15UL) * 0xFF51AFD7ED558CCDUL ^ (ulong)key.Length;
        while (key.Length >= 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(key));
            key = key[8..];
        }

        ulong tail = 0;
        for (int i = 0; i < key.Length; i++)
            tail |= (ulong)key[i] << (8 * i);
        return Mix(hash ^ tail ^ 0xA0761D6478BD642FUL);
    }

    private static ulong Mix(ulong value)
    {
        ulong high = Math.BigMul(value, 0xE7037ED1A0B428DBUL, out ulong low);
        return BitOperations.RotateLeft(high, 17) ^ low;
    }
}
