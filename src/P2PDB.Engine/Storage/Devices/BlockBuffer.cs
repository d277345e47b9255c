using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace P2PDB.Engine.Storage.Devices;

/// <summary>
/// Memory that begins at a block boundary, as a write-through file wants it. It is the garbage collector's, pinned: whoever still
/// holds a span when the owner is gone reads old bytes, not freed ones.
/// </summary>
internal sealed class BlockBuffer
{
    private byte[] _memory = [];
    private int _start;

    /// <summary>Takes zeroed memory of whole blocks.</summary>
    public BlockBuffer(int length) => Grow(length);

    /// <summary>Length in bytes, whole blocks.</summary>
    public int Length { get; private set; }

    /// <summary>All of it; stale after <see cref="Grow"/>.</summary>
    public Span<byte> Span => _memory.AsSpan(_start, Length);

    /// <summary>Makes it at least this long and keeps what is in it.</summary>
    public void Grow(int length)
    {
        if (length <= Length)
            return;
        int wholeLength = (Math.Max(length, 2 * Length) + StorageFile.BlockLength - 1) & ~(StorageFile.BlockLength - 1);
        byte[] larger = GC.AllocateArray<byte>(wholeLength + StorageFile.BlockLength - 1, pinned: true);
        int start = OffsetOfBlock(larger);
        Span.CopyTo(larger.AsSpan(start));
        (_memory, _start, Length) = (larger, start, wholeLength);
    }

    // SAFETY: only the address is looked at, and it stays: the array is pinned.
    private static unsafe int OffsetOfBlock(byte[] pinned)
    {
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
        return (int)(-address & (StorageFile.BlockLength - 1));
    }
}
