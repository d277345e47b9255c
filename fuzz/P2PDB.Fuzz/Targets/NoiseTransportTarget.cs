using System.Buffers.Binary;
using P2PDB.Network.Security;
using P2PDB.Network.Transports;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: u8 length of the pieces that arrive, u8 length of the reader's buffer, then what a remote sends after the handshake, which
/// repairing seals message by message: the tags are right. What the channel delivers is the messages' plaintext up to the
/// first altered one; sealed again, it is the same bytes.
/// </summary>
internal sealed class NoiseTransportTarget : IFuzzTarget
{
    private const int PrefixLength = 2;
    private static readonly byte[] Key = new byte[32];

    public string Name => "noise-transport";

    public IReadOnlyList<string> Decoder => ["P2PDB.Network/Security/NoiseChannel.cs", "P2PDB.Network/Security/CipherState.cs"];

    public int InputLengthMax => 12 * 1024;

    // The channel's buffer: small at first, two whole messages once a message does not fit or the small one was full.
    public int AllocationSlack => 4096 + (2 * (PrefixLength + Network.Limits.NoiseMessageLengthMax)) + 2048;

    public IEnumerable<byte[]> Seeds =>
    [
        Sealed(50, 100, 5),
        Sealed(3, 7, 0, 40, 20),
        Sealed(255, 255, 300, 1, 5000, 200),
        Sealed(255, 10, 5000, 5000),
    ];

    public int Repair(Span<byte> buffer, int length)
    {
        using var cipher = new CipherState(Key);
        Span<byte> rest = buffer[..length];
        for (rest = rest[Math.Min(PrefixLength, length)..]; rest.Length >= PrefixLength + CipherState.TagLength;)
        {
            int stated = BinaryPrimitives.ReadUInt16BigEndian(rest) % 8192;
            if (stated < CipherState.TagLength || stated > rest.Length - PrefixLength)
                break;
            BinaryPrimitives.WriteUInt16BigEndian(rest, (ushort)stated);
            Span<byte> message = rest.Slice(PrefixLength, stated);
            cipher.Encrypt(message[..^CipherState.TagLength], message);
            rest = rest[(PrefixLength + stated)..];
        }

        return length;
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.Length < PrefixLength)
            return false;

        byte[] stream = input[PrefixLength..].ToArray();
        byte[] plain = new byte[stream.Length];
        byte[] target = new byte[input[1] + 1];
        var raw = new ScriptedChannel(stream, input[0] + 1);
        using var send = new CipherState(Key);
        using var receive = new CipherState(Key);
        probe.BeginDecoding();
        var channel = new NoiseChannel(raw, send, receive);
        int length = 0;
        Task reading = ReadAllAsync();
        probe.EndDecoding();
        FuzzLaw.Require(reading.IsCompletedSuccessfully, "reading waits for nothing");
        probe.Reached(channel.IsTampered ? 1 : 2);
        probe.Reached(16 + Math.Min(length / 64, 100));
        RequireGenuine(stream, plain.AsSpan(0, length), channel.IsTampered, probe);
        return !channel.IsTampered;

        async Task ReadAllAsync()
        {
            int received;
            while ((received = await channel.ReceiveAsync(target, CancellationToken.None).ConfigureAwait(false)) > 0)
            {
                target.AsSpan(0, received).CopyTo(plain.AsSpan(length));
                length += received;
            }
        }
    }

    // Seals the plaintext again, with the lengths that the stream states.
    private static void RequireGenuine(ReadOnlySpan<byte> stream, ReadOnlySpan<byte> plain, bool isTampered, FuzzProbe probe)
    {
        using var cipher = new CipherState(Key);
        byte[] again = new byte[Network.Limits.NoiseMessageLengthMax];
        int messageCount = 0;
        while (!plain.IsEmpty)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(stream);
            int plainLength = length - CipherState.TagLength;
            FuzzLaw.Require(plainLength >= 0 && plainLength <= plain.Length, "a message is delivered as a whole");
            cipher.Encrypt(plain[..plainLength], again.AsSpan(0, length));
            FuzzLaw.RequireSame(stream.Slice(PrefixLength, length), again.AsSpan(0, length), "only what was sealed is delivered");
            stream = stream[(PrefixLength + length)..];
            plain = plain[plainLength..];
            messageCount++;
        }

        probe.Reached(200 + Math.Min(messageCount, 50));
        bool hasWholeMessage = stream.Length >= PrefixLength + CipherState.TagLength
            && BinaryPrimitives.ReadUInt16BigEndian(stream) <= stream.Length - PrefixLength;
        FuzzLaw.Require(isTampered || !hasWholeMessage || BinaryPrimitives.ReadUInt16BigEndian(stream) == CipherState.TagLength,
            "reading stops before a whole message only where it was altered");
    }

    private static byte[] Sealed(byte pieceLength, byte targetLength, params int[] plainLengths)
    {
        using var cipher = new CipherState(Key);
        List<byte> stream = [pieceLength, targetLength];
        foreach (int length in plainLengths)
        {
            byte[] message = new byte[PrefixLength + length + CipherState.TagLength];
            BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)(length + CipherState.TagLength));
            cipher.Encrypt(new byte[length], message.AsSpan(PrefixLength));
            stream.AddRange(message);
        }

        return [.. stream];
    }

    /// <summary>Delivers the stream in pieces, and never waits.</summary>
    private sealed class ScriptedChannel(byte[] stream, int pieceLength) : IByteChannel
    {
        private int _offset;

        public ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken cancellationToken)
        {
            int length = Math.Min(Math.Min(target.Length, stream.Length - _offset), pieceLength);
            stream.AsMemory(_offset, length).CopyTo(target);
            _offset += length;
            return ValueTask.FromResult(length);
        }

        public ValueTask<bool> SendAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken) => ValueTask.FromResult(true);

        public void Abort()
        {
        }
    }
}
