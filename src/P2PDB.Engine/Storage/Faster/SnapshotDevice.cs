using System.Diagnostics.CodeAnalysis;
using FASTER.core;

namespace P2PDB.Engine.Storage.Faster;

/// <summary>
/// Memory that FASTER takes for the device of its index snapshot: it copies at once, so that the copy shows one moment, and no
/// thread of FASTER's state machine waits for a disk.
/// </summary>
internal sealed class SnapshotDevice(byte[] bytes) : StorageDeviceBase("index", SectorLength, FASTER.core.Devices.CAPACITY_UNSPECIFIED)
{
    private const int SectorLength = 512;
    private byte[] _bytes = bytes;
    private int _length = bytes.Length;

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <inheritdoc/>
    // SAFETY: FASTER owns the source, of the length it says, until the callback.
    public override unsafe void WriteAsync(
        nint sourceAddress, int segmentId, ulong destinationAddress, uint numBytesToWrite,
        DeviceIOCompletionCallback callback, object context)
    {
        int end = checked((int)(destinationAddress + numBytesToWrite));
        if (end > _bytes.Length)
            Array.Resize(ref _bytes, end);
        new ReadOnlySpan<byte>((void*)sourceAddress, (int)numBytesToWrite).CopyTo(_bytes.AsSpan((int)destinationAddress));
        _length = Math.Max(_length, end);
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
