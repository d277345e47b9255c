namespace P2PDB.Engine.Log;

/// <summary>The header of one journal frame.</summary>
/// <param name="Check">The frame's checksum, which the next frame repeats.</param>
/// <param name="PreviousCheck">The checksum of the frame before.</param>
/// <param name="PayloadLength">Bytes of the payload.</param>
/// <param name="Flags">First and last frame of a record.</param>
/// <param name="Epoch">Use of the segment.</param>
/// <param name="Position">Where the frame stands.</param>
/// <param name="DurablePosition">Everything before this position was durable when the frame was written.</param>
internal readonly record struct JournalFrame(
    uint Check, uint PreviousCheck, int PayloadLength, uint Flags, ulong Epoch, long Position, long DurablePosition)
{
    /// <summary>Bytes of the frame with its padding.</summary>
    public int Length => JournalFormat.Padded(JournalFormat.FrameHeaderLength + PayloadLength);
}
