using System.Buffers.Binary;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace P2PDB.Primitives.Hashing;

/// <summary>
/// CRC-32C (Castagnoli, reflected polynomial 0x82F63B78, initial value and final XOR all ones), by the processor's
/// instruction where it has one.
/// </summary>
public static class Crc32C
{
    private const uint Polynomial = 0x82F6_3B78;

    private static readonly uint[] Table = BuildTable();

    /// <summary>The checksum of <paramref name="source"/>.</summary>
    public static uint Compute(ReadOnlySpan<byte> source) => Append(0, source);

    /// <summary>
    /// The checksum of the bytes behind <paramref name="crc"/> followed by <paramref name="source"/>; 0 stands for no
    /// bytes.
    /// </summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> source)
    {
        uint state = ~crc;
        if (Sse42.X64.IsSupported)
            state = UpdateX64(state, source);
        else if (Crc32.Arm64.IsSupported)
            state = UpdateArm64(state, source);
        else
            state = UpdateByTable(state, source);
        return ~state;
    }

    /// <summary>The path without instructions, over the inverted checksum; the others must equal it.</summary>
    internal static uint UpdateByTable(uint state, ReadOnlySpan<byte> source)
    {
        uint[] table = Table;
        foreach (byte value in source)
            state = table[(byte)(state ^ value)] ^ (state >> 8);
        return state;
    }

    private static uint UpdateX64(uint state, ReadOnlySpan<byte> source)
    {
        ulong wide = state;
        while (source.Length >= sizeof(ulong))
        {
            wide = Sse42.X64.Crc32(wide, BinaryPrimitives.ReadUInt64LittleEndian(source));
            source = source[sizeof(ulong)..];
        }

        state = (uint)wide;
        foreach (byte value in source)
            state = Sse42.Crc32(state, value);
        return state;
    }

    private static uint UpdateArm64(uint state, ReadOnlySpan<byte> source)
    {
        while (source.Length >= sizeof(ulong))
        {
            state = Crc32.Arm64.ComputeCrc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(source));
            source = source[sizeof(ulong)..];
        }

        foreach (byte value in source)
            state = Crc32.ComputeCrc32C(state, value);
        return state;
    }

    private static uint[] BuildTable()
    {
        uint[] table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint entry = i;
            for (int bit = 0; bit < 8; bit++)
                entry = (entry >> 1) ^ ((entry & 1) * Polynomial);
            table[i] = entry;
        }

        return table;
    }
}
