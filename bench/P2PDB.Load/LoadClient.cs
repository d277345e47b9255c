using System.Net.Sockets;
using System.Text;
using P2PDB.Server.Packets;

namespace P2PDB.Load;

/// <summary>A client that does as little as a client can: blocking socket, passwordless login, answers skipped.</summary>
internal sealed class LoadClient : IDisposable
{
    private const Capabilities Wanted = Capabilities.LongPassword | Capabilities.Protocol41 | Capabilities.Transactions
        | Capabilities.SecureConnection | Capabilities.PluginAuthentication | Capabilities.DeprecateEof;

    private readonly Socket _socket;
    private readonly PacketAssembler _incoming = new() { PayloadLengthMax = PacketLimits.PayloadLengthMax };
    private readonly PacketWriter _outgoing = new();
    private readonly byte[] _request;
    private readonly bool _expectsRows;

    public LoadClient(LoadOptions options)
    {
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(options.Host, options.Port);
        if (!options.IsRaw)
            LogIn(options.User);
        _request = options switch
        {
            { Statement: null } => Command(CommandCode.Ping, []),
            { IsPrepared: true } => Command(CommandCode.StatementExecute, Prepare(options.Statement)),
            _ => Command(CommandCode.Query, Encoding.UTF8.GetBytes(options.Statement)),
        };
        _expectsRows = options.Statement is not null;
    }

    /// <summary>Sends the request once and waits for the whole answer; throws when it is an error.</summary>
    public void Request()
    {
        _socket.Send(_request);
        _incoming.Sequence = 1;
        byte header = ReadPacket()[0];
        if (header == 0xFF)
            throw new InvalidOperationException("The server answered an error.");
        if (!_expectsRows || header == 0x00)
            return;

        // Column definitions and rows alike, up to the OK that ends them.
        for (ReadOnlySpan<byte> packet = ReadPacket(); packet[0] != 0xFE || packet.Length > 0xFFFF; packet = ReadPacket())
        {
            if (packet[0] == 0xFF)
                throw new InvalidOperationException("The server answered an error.");
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        _incoming.Dispose();
        _outgoing.Dispose();
    }

    private void LogIn(string user)
    {
        ReadPacket();
        _outgoing.Sequence = 1;
        _outgoing.Begin();
        _outgoing.WriteUInt32((uint)Wanted);
        _outgoing.WriteUInt32(PacketLimits.PayloadLengthMax);
        _outgoing.WriteByte(255);
        _outgoing.WriteZeros(23);
        _outgoing.WriteNullTerminated(Encoding.UTF8.GetBytes(user));
        _outgoing.WriteByte(0);
        _outgoing.WriteNullTerminated("caching_sha2_password"u8);
        _outgoing.End();
        _socket.Send(_outgoing.Written);
        _outgoing.Clear();
        _incoming.Sequence = 2;
        if (ReadPacket()[0] != 0)
            throw new InvalidOperationException("The login failed.");
    }

    private byte[] Prepare(string statement)
    {
        _socket.Send(Command(CommandCode.StatementPrepare, Encoding.UTF8.GetBytes(statement)));
        _incoming.Sequence = 1;
        ReadOnlySpan<byte> answer = ReadPacket();
        byte[] id = answer[1..5].ToArray();
        int definitionCount = answer[5] + answer[7];
        for (int i = 0; i < definitionCount; i++)
            ReadPacket();
        return [.. id, 0, 1, 0, 0, 0];
    }

    private byte[] Command(CommandCode code, byte[] arguments)
    {
        _outgoing.Sequence = 0;
        _outgoing.Begin();
        _outgoing.WriteByte((byte)code);
        _outgoing.WriteBytes(arguments);
        _outgoing.End();
        byte[] packet = _outgoing.Written.ToArray();
        _outgoing.Clear();
        return packet;
    }

    private ReadOnlySpan<byte> ReadPacket()
    {
        while (true)
        {
            PacketStatus status = _incoming.TryTake(out ReadOnlySpan<byte> payload);
            if (status == PacketStatus.Complete)
                return payload;
            if (status != PacketStatus.Incomplete)
                throw new InvalidOperationException($"Bad packet: {status}");

            int count = _socket.Receive(_incoming.GetSpace());
            if (count == 0)
                throw new InvalidOperationException("The server closed the connection.");
            _incoming.Received(count);
        }
    }
}
