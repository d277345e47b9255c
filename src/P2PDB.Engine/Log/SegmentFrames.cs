using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Log;

/// <summary>The frames of one journal segment, read a piece of the file at a time. Used by one thread.</summary>
internal sealed class SegmentFrames(StorageFile file, in JournalSegment segment) : IDisposable
{
    private const int PieceLength = 1 << 20;

    private readonly ulong _epoch = segment.Epoch;
    private readonly ByteWriter _piece = new();
    private int _start;

    /// <summary>Bytes of the segment behind its header.</summary>
    public int Length { get; } = checked((int)(segment.Length - JournalFormat.SegmentHeaderLength));

    /// <summary>
    /// Reads the frame at an offset behind the segment's header; false unless it is a whole one of the segment's epoch and of that
    /// position.
    /// </summary>
    public bool TryRead(int offset, long position, out JournalFrame frame)
    {
        if (offset < _start || offset + JournalFormat.FrameHeaderLength > _start + _piece.Length)
            Load(offset, PieceLength);
        ReadOnlySpan<byte> read = _piece.Written[(offset - _start)..];
        if (JournalFormat.TryReadFrame(read, _epoch, position, out frame))
            return true;

        // It may end behind the piece.
        int claimed = JournalFormat.ClaimedLength(read, _epoch, position);
        if (claimed <= read.Length || claimed > Length - offset)
            return false;
        Load(offset, Math.Max(claimed, PieceLength));
        return JournalFormat.TryReadFrame(_piece.Written, _epoch, position, out frame);
    }

    /// <summary>The payload of the frame read last; valid until the next read.</summary>
    public ReadOnlySpan<byte> PayloadOf(int offset, in JournalFrame frame) =>
        _piece.Written.Slice(offset - _start + JournalFormat.FrameHeaderLength, frame.PayloadLength);

    /// <summary>Returns the memory to the pool; the file stays its owner's.</summary>
    public void Dispose() => _piece.Dispose();

    private void Load(int offset, int length)
    {
        _piece.Clear();
        int wanted = Math.Min(length, Length - offset);
        _piece.Advance(file.Read(JournalFormat.SegmentHeaderLength + offset, _piece.GetSpan(wanted)[..wanted]));
        _start = offset;
    }
}
