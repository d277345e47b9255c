// LOCAL INFILE, the part of COM_QUERY in which the client sends a file. Spec: docs/protocols/mysql.md
//    server: 0xFB · name of the file, to the end of the packet
//    client: any number of packets with the file's bytes, then an empty one; its numbers count on from the server's packet
using System.Buffers;
using P2PDB.Server.Packets;
using P2PDB.Server.Transport;

namespace P2PDB.Server.Sessions;

/// <summary>
/// The bytes of a file that the client sends for LOAD DATA LOCAL. Reading ends after the client's empty packet; disposing reads away what
/// is left, so that the client gets its answer where it waits for it.
/// </summary>
internal sealed class ClientFile : Stream
{
    private const byte RequestHeader = 0xFB;

    private readonly ClientSession _session;
    private readonly PacketChannel _channel;
    private byte[] _packet = [];
    private int _taken;
    private int _length;
    private bool _isEnded;

    private ClientFile(ClientSession session)
    {
        _session = session;
        _channel = session.Channel;
    }

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Asks the client for a file; null where it does not send any.</summary>
    public static ClientFile? Request(ClientSession session, string name)
    {
        if ((session.Capabilities & Capabilities.LocalFiles) == 0)
            return null;
        PacketChannel channel = session.Channel;
        channel.KeepPayload();
        channel.Writer.Begin();
        channel.Writer.WriteByte(RequestHeader);
        channel.Writer.WriteText(name);
        channel.Writer.End();
        channel.ExpectAnswer();
        channel.Flush();
        return new ClientFile(session);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="IOException">The client is gone, or does not keep to the protocol.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (_taken == _length && !_isEnded)
            TakePacket();
        if (_session.IsStreamLost)
            throw new IOException("The client's file broke off.");
        int count = Math.Min(buffer.Length, _length - _taken);
        _packet.AsSpan(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }

    /// <inheritdoc/>
    public override void Flush()
    {
        // Nothing is written.
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        while (!_isEnded)
            TakePacket();
        _channel.ExpectCommand();
        if (_packet.Length > 0)
            ArrayPool<byte>.Shared.Return(_packet);
        _packet = [];
        _taken = _length = 0;
        base.Dispose(disposing);
    }

    private void TakePacket()
    {
        PacketStatus status = _channel.TryTake(out ReadOnlySpan<byte> payload);
        if (status == PacketStatus.Incomplete)
        {
            if (_session.Connection.ReceiveFile() != WireStatus.Closed)
                return;
            _session.IsStreamLost = true;
        }
        else
        {
            _session.IsStreamLost = status != PacketStatus.Complete;
        }

        _isEnded = _session.IsStreamLost || payload.IsEmpty;
        if (_packet.Length < payload.Length)
        {
            if (_packet.Length > 0)
                ArrayPool<byte>.Shared.Return(_packet);
            _packet = ArrayPool<byte>.Shared.Rent(payload.Length);
        }

        payload.CopyTo(_packet);
        _taken = 0;
        _length = payload.Length;
    }
}
