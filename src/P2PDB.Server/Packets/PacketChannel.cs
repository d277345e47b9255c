using System.Buffers;
using System.Net.Security;
using P2PDB.Server.Transport;

namespace P2PDB.Server.Packets;

/// <summary>
/// One client's packets both ways, with the sequence numbers kept in step: a command starts at 0, and each packet of
/// either side counts on from the one before it.
/// </summary>
internal sealed class PacketChannel(Wire wire) : IDisposable
{
    private readonly PacketAssembler _incoming = new();
    private Wire _wire = wire;
    private CompressedWire? _packing;
    private byte[]? _kept;

    /// <summary>Packets to send.</summary>
    public PacketWriter Writer { get; } = new();

    /// <summary>TLS, once the client has asked for it.</summary>
    public TlsWire? Tls { get; private set; }

    /// <summary>True once both sides send compressed packets.</summary>
    public bool IsCompressed { get; private set; }

    /// <summary>Bytes received so far.</summary>
    public long ReceivedLength { get; private set; }

    /// <summary>Bytes sent so far.</summary>
    public long SentLength { get; private set; }

    /// <summary>True once the client takes no more bytes.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Longest payload the client may send.</summary>
    public int PayloadLengthMax
    {
        get => _incoming.PayloadLengthMax;
        set => _incoming.PayloadLengthMax = value;
    }

    /// <summary>
    /// Takes the next packet from what has arrived; what the server writes then counts on from it. The payload is
    /// borrowed until the next call or <see cref="Receive"/>.
    /// </summary>
    public PacketStatus TryTake(out ReadOnlySpan<byte> payload)
    {
        PacketStatus status = _incoming.TryTake(out payload);
        Writer.Sequence = status == PacketStatus.OutOfOrder ? (byte)(_incoming.Sequence + 1) : _incoming.Sequence;
        if (status == PacketStatus.TooLarge)
            Writer.Sequence++;
        return status;
    }

    /// <summary>Lets the payload that was taken last stay as it is while more is received, until <see cref="ReleasePayload"/>.</summary>
    public void KeepPayload() => _kept ??= _incoming.LeaveBuffer();

    /// <summary>Gives the buffer of a kept payload back, if there is one.</summary>
    public void ReleasePayload()
    {
        if (_kept is not null)
            ArrayPool<byte>.Shared.Return(_kept);
        _kept = null;
    }

    /// <summary>All further bytes of both sides are TLS, those included that have arrived already.</summary>
    public void StartTls(SslServerAuthenticationOptions options) => _wire = Tls = new TlsWire(_wire, options, _incoming.TakeRest());

    /// <summary>
    /// Sends what is written, and packs all further bytes of both sides, those included that have arrived already. The frames inside
    /// are not checked for their numbers, which libraries of MySQL set back when they send.
    /// </summary>
    public void StartCompression()
    {
        Flush();
        _incoming.ChecksSequence = false;
        _packing = new CompressedWire(_wire, _incoming.TakeRest());
        _wire = _packing;
        IsCompressed = true;
    }

    /// <summary>The client's next packet starts a command.</summary>
    public void ExpectCommand() => _incoming.Sequence = 0;

    /// <summary>The client's next packet answers the one written last.</summary>
    public void ExpectAnswer() => _incoming.Sequence = Writer.Sequence;

    /// <summary>Waits for bytes.</summary>
    public WireStatus Receive()
    {
        WireStatus status = _wire.Receive(_incoming.GetSpace(), out int count);
        if (status == WireStatus.Received)
        {
            _incoming.Received(count);
            ReceivedLength += count;
        }

        return status;
    }

    /// <summary>Sends the written packets.</summary>
    public void Flush()
    {
        ReadOnlySpan<byte> written = Writer.Written;
        if (!written.IsEmpty && !IsBroken)
        {
            IsBroken = !_wire.Send(written);
            SentLength += IsBroken ? 0 : written.Length;
        }

        Writer.Clear();
    }

    /// <summary>Sends the written packets if enough of them wait; between packets only.</summary>
    public void FlushWhenFull()
    {
        if (Writer.Length >= PacketLimits.FlushLength)
            Flush();
    }

    /// <summary>Gives back large buffers, or all that are empty when the connection is to idle.</summary>
    public void Trim(bool keepWarm)
    {
        _incoming.Trim(keepWarm);
        Writer.Trim(keepWarm);
        _packing?.Trim(keepWarm);
    }

    public void Dispose()
    {
        _packing?.Dispose();
        Tls?.Dispose();
        ReleasePayload();
        _incoming.Dispose();
        Writer.Dispose();
    }
}
