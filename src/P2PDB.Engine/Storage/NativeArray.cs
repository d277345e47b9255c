using System.Runtime.InteropServices;

namespace P2PDB.Engine.Storage;

/// <summary>
/// Memory beside the garbage collector's, zeroed: for what grows with the log and stays, which would be copied and looked through
/// again and again there. Freed when nobody refers to the object any more, or before by <see cref="Dispose"/>, after which nobody
/// may look at its items.
/// </summary>
internal sealed class NativeArray<T> : IDisposable
    where T : unmanaged
{
    private readonly long _length;
    private nint _memory;

    /// <summary>Takes memory for items of zeros.</summary>
    // SAFETY: only the length is computed; the memory is zeroed, which every unmanaged item may be.
    public unsafe NativeArray(int count)
    {
        Count = count;
        _length = Math.Max((long)count * sizeof(T), 1);
        _memory = (nint)NativeMemory.AllocZeroed((nuint)_length);
        GC.AddMemoryPressure(_length);
    }

    /// <summary>Frees the memory of an array that nobody refers to.</summary>
    ~NativeArray() => Free();

    /// <summary>How many items there are; none once it is disposed.</summary>
    public int Count { get; private set; }

    /// <summary>All items; valid while somebody refers to the array.</summary>
    // SAFETY: the memory is as long as the count says, and is freed only by Dispose or when nobody refers to this object.
    public unsafe Span<T> Span => new((void*)_memory, Count);

    /// <summary>An item; valid while somebody refers to the array.</summary>
    public ref T this[int index] => ref Span[index];

    /// <inheritdoc/>
    public void Dispose()
    {
        Count = 0;
        Free();
        GC.SuppressFinalize(this);
    }

    // SAFETY: the memory came from AllocZeroed, and is freed once.
    private unsafe void Free()
    {
        nint memory = Interlocked.Exchange(ref _memory, 0);
        if (memory == 0)
            return;
        NativeMemory.Free((void*)memory);
        GC.RemoveMemoryPressure(_length);
    }
}
