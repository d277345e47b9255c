using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace P2PDB.Primitives.Hashing;

/// <summary>
/// Eight little-endian words: BLAKE3's chaining value, and its key. Two in a row in memory are a parent node's block.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct ChainingValue(Vector128<uint> low, Vector128<uint> high)
{
    public readonly Vector128<uint> Low = low;
    public readonly Vector128<uint> High = high;

    /// <summary>The first 32 bytes of <paramref name="bytes"/>.</summary>
    public static ChainingValue Read(ReadOnlySpan<byte> bytes) =>
        new(Vector128.Create(bytes).AsUInt32(), Vector128.Create(bytes[16..]).AsUInt32());

    /// <summary>The same bytes as a hash.</summary>
    public Hash256 ToHash() =>
        MemoryMarshal.Cast<ChainingValue, Hash256>(new ReadOnlySpan<ChainingValue>(in this))[0];
}
