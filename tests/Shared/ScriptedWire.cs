using P2PDB.Server.Packets;
using P2PDB.Server.Transport;

namespace P2PDB.Tests;

/// <summary>A wire whose client's bytes are given at once; it idles when they are used up, and closes when asked once more.</summary>
internal sealed class ScriptedWire : Wire
{
    private byte[] _sent = new byte[4096];
    private byte[] _incoming = [];
    private int _taken;
    private bool _isAtEnd;

    /// <summary>What the server has sent since <see cref="Give"/>.</summary>
    public ReadOnlySpan<byte> Sent => _sent.AsSpan(0, SentLength);

    public int SentLength { get; private set; }

    /// <summary>Hands bytes to the server.</summary>
    public void Give(byte[] bytes)
    {
        _incoming = bytes;
        _taken = 0;
        _isAtEnd = false;
        SentLength = 0;
    }

    /// <summary>The payloads that the server has sent.</summary>
    public List<byte[]> Packets()
    {
        List<byte[]> packets = [];
        for (ReadOnlySpan<byte> rest = Sent; !rest.IsEmpty;)
        {
            int length = rest[0] | rest[1] << 8 | rest[2] << 16;
            packets.Add(rest.Slice(PacketLimits.HeaderLength, length).ToArray());
            rest = rest[(PacketLimits.HeaderLength + length)..];
        }

        return packets;
    }

    public override WireStatus Receive(Span<byte> target, out int count)
    {
        count = Math.Min(target.Length, _incoming.Length - _taken);
        _incoming.AsSpan(_taken, count).CopyTo(target);
        _taken += count;
        if (count > 0)
            return WireStatus.Received;
        bool isAskedAgain = _isAtEnd;
        _isAtEnd = true;
        return isAskedAgain ? WireStatus.Closed : WireStatus.Idle;
    }

    public override bool Send(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _sent.Length - SentLength)
            Array.Resize(ref _sent, 2 * (SentLength + bytes.Length));
        bytes.CopyTo(_sent.AsSpan(SentLength));
        SentLength += bytes.Length;
        return true;
    }

    public override void StopReceiving()
    {
    }

    public override void StopSending()
    {
    }

    public override void Abort()
    {
    }

    public override void Dispose()
    {
    }
}
