using System.Diagnostics.CodeAnalysis;
using FASTER.core;

namespace P2PDB.Engine.Storage.Faster;

/// <summary>
/// Memory that FASTER takes for the device of its index snapshot: it copies at once, so that the copy shows one moment, and no
/// thread of FASTER's state machine waits for a disk. The memory is some MiB, and not the garbage collector's: <see cref="Free"/> it soon.
/// </summary>
internal sealed class SnapshotDevice() : StorageDeviceBase("index", SectorLength, FASTER.core.Devices.CAPACITY_UNSPECIFIED)
{
    private const int SectorLength = 512;
    private NativeArray<byte>? _memory;
    private int _length;

    /// <summary>What was written so far; until <see cref="Free"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _memory is null ? [] : _memory.Span[.._length];

    /// <summary>Puts bytes at a position.</summary>
    public void Write(int position, ReadOnlySpan<byte> source)
    {
        int end = checked(position + source.Length);
        if (_memory is null || end > _memory.Count)
        {
            var larger = new NativeArray<byte>(end);
            Bytes.CopyTo(larger.Span);
            _memory?.Dispose();
            _memory = larger;
        }

        source.CopyTo(_memory.Span[position..]);
        _length = Math.Max(_length, end);
    }

    /// <summary>Forgets what was written, and gives the memory back. FASTER disposes of devices before their owner has read them.</summary>
    public void Free()
    {
        _length = 0;
        _memory?.Dispose();
        _memory = null;
    }

    /// <inheritdoc/>
    // SAFETY: FASTER owns the source, of the length it says, until the callback.
    public override unsafe void WriteAsync(
        nint sourceAddress, int segmentId, ulong destinationAddress, uint numBytesToWrite,
        DeviceIOCompletionCallback callback, object context)
    {
        Write(checked((int)destinationAddress), new ReadOnlySpan<byte>((void*)sourceAddress, checked((int)numBytesToWrite)));
        callback(0, numBytesToWrite, context);
    }

    /// <inheritdoc/>
    // SAFETY: FASTER owns the target, of the length it says, until the callback.
    public override unsafe void ReadAsync(
        int segmentId, ulong sourceAddress, nint destinationAddress, uint readLength,
        DeviceIOCompletionCallback callback, object context)
    {
        // FASTER asks for whole pages of overflow buckets; where the snapshot ends before, zeros are what was there.
        var target = new Span<byte>((void*)destinationAddress, (int)readLength);
        ReadOnlySpan<byte> source = Bytes[(int)Math.Min(sourceAddress, (ulong)_length)..];
        source = source[..Math.Min(source.Length, target.Length)];
        source.CopyTo(target);
        target[source.Length..].Clear();
        callback(0, readLength, context);
    }

    /// <inheritdoc/>
    public override void RemoveSegmentAsync(int segment, AsyncCallback callback, IAsyncResult result) => callback(result);

    /// <inheritdoc/>
    [SuppressMessage("Usage", "CA1816", Justification = "Nothing to let go of; FASTER's base class has no finalizer.")]
    public override void Dispose()
    {
    }
}
