using System.Buffers.Binary;

namespace P2PDB.Host.Client;

/// <summary>MySQL's packets over a byte stream: three bytes of length, one of sequence, then the payload.</summary>
internal sealed class PacketStream(Stream stream) : IDisposable
{
    private const int PayloadLengthMax = 0xFF_FFFF;

    /// <summary>A server's answer beyond this is refused: the command line holds results in memory.</summary>
    private const int MessageLengthMax = 1 << 30;

    /// <summary>Bytes of room at first for a packet, whatever length its header states.</summary>
    private const int PieceLengthFirst = 4096;

    private readonly byte[] _header = new byte[4];
    private byte _sequence;

    /// <summary>Starts a new command: its first packet has sequence 0.</summary>
    public void StartCommand() => _sequence = 0;

    /// <summary>Reads one message, joined from as many packets as it was split into.</summary>
    public async ValueTask<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        byte[] message = [];
        while (true)
        {
            await stream.ReadExactlyAsync(_header, cancellationToken).ConfigureAwait(false);
            int length = _header[0] | (_header[1] << 8) | (_header[2] << 16);
            if (message.Length > MessageLengthMax - length)
                throw new InvalidDataException("The server's answer is longer than this client can hold.");

            _sequence = (byte)(_header[3] + 1);
            int end = message.Length + length;
            while (message.Length < end)
            {
                int start = message.Length;
                Array.Resize(ref message, Math.Min(end, Math.Max(2 * start, PieceLengthFirst)));
                await stream.ReadExactlyAsync(message.AsMemory(start), cancellationToken).ConfigureAwait(false);
            }

            if (length < PayloadLengthMax)
                return message;
        }
    }

    /// <summary>Writes one message, split where it is too long for one packet.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        int length;
        do
        {
            length = Math.Min(message.Length, PayloadLengthMax);
            byte[] packet = new byte[4 + length];
            BinaryPrimitives.WriteUInt32LittleEndian(packet, (uint)length);
            packet[3] = _sequence++;
            message[..length].CopyTo(packet.AsMemory(4));
            await stream.WriteAsync(packet, cancellationToken).ConfigureAwait(false);
            message = message[length..];
        }
        while (length == PayloadLengthMax);

        await stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => stream.Dispose();
}
