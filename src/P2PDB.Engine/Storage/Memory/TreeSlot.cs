using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace P2PDB.Engine.Storage.Memory;

/// <summary>
/// One record of a leaf, or one separator of an inner node (then only the key counts). The cell is never changed once it
/// is in a slot, so nodes and snapshots share it freely: copies of one leaf, that is; no two records share a cell.
/// </summary>
internal struct TreeSlot
{
    /// <summary>The key's first eight bytes, big-endian, zero-filled: most comparisons end here, without touching the cell.</summary>
    public ulong Head;

    /// <summary>The key followed by the value, and maybe some bytes more.</summary>
    public byte[] Cell;

    /// <summary>Length of the key, bytes.</summary>
    public int KeyLength;

    /// <summary>Length of the value, bytes.</summary>
    public int ValueLength;

    public readonly ReadOnlySpan<byte> Key => Cell.AsSpan(0, KeyLength);

    public readonly ReadOnlySpan<byte> Value => Cell.AsSpan(KeyLength, ValueLength);

    /// <summary>Asks the processor for the cell's first bytes, without waiting for them.</summary>
    // SAFETY: a prefetch reads nothing and never faults, so it does no harm that the cell may end sooner, or move meanwhile.
    public readonly unsafe void Prefetch()
    {
        byte* cell = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(Cell));
        if (!Sse.IsSupported)
            return;
        Sse.Prefetch0(cell);
        Sse.Prefetch0(cell + 64);
        Sse.Prefetch0(cell + 128);
    }

    /// <summary>A separator: the key alone, in a cell of its own, since the record's goes when the record does.</summary>
    public readonly TreeSlot ToSeparator() => new() { Head = Head, Cell = Key.ToArray(), KeyLength = KeyLength };

    public static ulong HeadOf(ReadOnlySpan<byte> key)
    {
        if (key.Length >= sizeof(ulong))
            return BinaryPrimitives.ReadUInt64BigEndian(key);
        ulong head = 0;
        for (int i = 0; i < key.Length; i++)
            head |= (ulong)key[i] << (56 - (8 * i));
        return head;
    }
}
