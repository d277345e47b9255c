using System.Buffers;
using P2PDB.Network.Muxers;
using P2PDB.Network.Protobuf;
using P2PDB.Network.Transports;

namespace P2PDB.Network.Protocols.Identify;

/// <summary>Identify and identify/push over one stream.</summary>
internal static class IdentifyProtocol
{
    /// <summary>The opener asks, the other answers.</summary>
    public const string Id = "/ipfs/id/1.0.0";

    /// <summary>The opener tells what has changed.</summary>
    public const string PushId = "/ipfs/id/push/1.0.0";

    /// <summary>Writes the record and closes the stream.</summary>
    public static async Task SendAsync(MuxedStream stream, IdentifyRecord record, CancellationToken cancellationToken)
    {
        byte[] message = record.Encode();
        byte[] framed = new byte[message.Length + UnsignedVarint.LengthMax];
        int length = UnsignedVarint.Write((ulong)message.Length, framed);
        message.CopyTo(framed, length);
        await stream.WriteAsync(framed.AsMemory(0, length + message.Length), cancellationToken).ConfigureAwait(false);
        await stream.CloseWriteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads one record; null where the remote sent none that is right.</summary>
    public static async Task<IdentifyRecord?> ReceiveAsync(IByteChannel stream, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Limits.IdentifyMessageLengthMax + UnsignedVarint.LengthMax);
        try
        {
            int filled = 0;
            while (true)
            {
                int prefixLength = UnsignedVarint.TryRead(buffer.AsSpan(0, filled), out ulong length);
                if ((prefixLength == 0 && filled > 3) || length > Limits.IdentifyMessageLengthMax)
                    return null;
                if (prefixLength > 0 && (ulong)(filled - prefixLength) >= length)
                    return IdentifyRecord.TryDecode(buffer.AsSpan(prefixLength, (int)length), out IdentifyRecord? record) ? record : null;

                int received = await stream.ReceiveAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
                if (received == 0)
                    return null;

                filled += received;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
