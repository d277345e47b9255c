namespace P2PDB.Server.Packets;

/// <summary>Bounds of the wire format and of what one client may make the server hold.</summary>
internal static class PacketLimits
{
    /// <summary>A frame's header: three bytes of length, one of sequence.</summary>
    public const int HeaderLength = 4;

    /// <summary>A frame of this length is continued by the next one; the format has no longer one.</summary>
    public const int FramePayloadLengthMax = 0xFF_FFFF;

    /// <summary>max_allowed_packet, MySQL's default: what a client may make us hold at once.</summary>
    public const int PayloadLengthMax = 64 << 20;

    /// <summary>Before a client has authenticated it gets this much; MySQL's handshake fits many times.</summary>
    public const int HandshakePayloadLengthMax = 64 << 10;

    /// <summary>Buffers that a connection with traffic keeps; larger ones go back after use.</summary>
    public const int WarmBufferLength = 16 << 10;

    /// <summary>A result is sent on once this much is waiting: large enough to fill segments, small enough for L2.</summary>
    public const int FlushLength = 64 << 10;
}
