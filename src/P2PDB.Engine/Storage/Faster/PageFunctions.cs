using FASTER.core;

namespace P2PDB.Engine.Storage.Faster;

/// <summary>Where a read puts the image: the address of <see cref="FasterPageFile.ImageLength"/> pinned bytes.</summary>
internal readonly record struct ImageTarget(nint Address);

/// <summary>What FASTER calls for a record: copies of images in and out. One for each session.</summary>
internal sealed class PageFunctions : FunctionsBase<long, SpanByte, ImageTarget, Empty, Empty>
{
    /// <summary>What the last read that went to the device found.</summary>
    public bool DeviceReadFound { get; private set; }

    /// <inheritdoc/>
    public override bool SingleReader(
        ref long key, ref ImageTarget input, ref SpanByte value, ref Empty output, ref ReadInfo readInfo) =>
        CopyOut(input, ref value);

    /// <inheritdoc/>
    public override bool ConcurrentReader(
        ref long key, ref ImageTarget input, ref SpanByte value, ref Empty output, ref ReadInfo readInfo) =>
        CopyOut(input, ref value);

    /// <inheritdoc/>
    public override void ReadCompletionCallback(
        ref long key, ref ImageTarget input, ref Empty output, Empty context, Status status, RecordMetadata metadata) =>
        DeviceReadFound = status.Found;

    /// <inheritdoc/>
    public override bool SingleWriter(
        ref long key, ref ImageTarget input, ref SpanByte source, ref SpanByte target, ref Empty output,
        ref UpsertInfo upsertInfo, WriteReason reason)
    {
        source.CopyTo(ref target);
        return true;
    }

    /// <inheritdoc/>
    public override bool ConcurrentWriter(
        ref long key, ref ImageTarget input, ref SpanByte source, ref SpanByte target, ref Empty output,
        ref UpsertInfo upsertInfo) =>
        source.TryCopyTo(ref target);

    // SAFETY: PageSession.Read keeps the target pinned until the read is complete, and checked its length.
    private static unsafe bool CopyOut(ImageTarget target, ref SpanByte image)
    {
        image.AsReadOnlySpan().CopyTo(new Span<byte>((void*)target.Address, FasterPageFile.ImageLength));
        return true;
    }
}
