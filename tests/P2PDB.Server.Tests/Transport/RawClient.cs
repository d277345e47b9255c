using System.Net;
using System.Net.Sockets;
using P2PDB.Server.Packets;

namespace P2PDB.Server.Tests.Transport;

/// <summary>A client that sends exactly the bytes it is told to.</summary>
internal sealed class RawClient : IDisposable
{
    private const Capabilities Wanted = Capabilities.LongPassword | Capabilities.Protocol41 | Capabilities.Transactions
        | Capabilities.SecureConnection | Capabilities.PluginAuthentication | Capabilities.MultiStatements
        | Capabilities.MultiResults;

    public RawClient(IPEndPoint endPoint, int receiveBufferLength = 0)
    {
        Socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 20_000 };
        if (receiveBufferLength > 0)
            Socket.ReceiveBufferSize = receiveBufferLength;
        Socket.Connect(endPoint);
    }

    public Socket Socket { get; }

    public void Send(string hex) => Socket.Send(Bytes.Of(hex));

    public void Send(ReadOnlySpan<byte> bytes) => Socket.Send(bytes);

    /// <summary>Sends one packet.</summary>
    public void SendPacket(byte sequence, ReadOnlySpan<byte> payload)
    {
        using var writer = new PacketWriter { Sequence = sequence };
        writer.Begin();
        writer.WriteBytes(payload);
        writer.End();
        Socket.Send(writer.Written);
    }

    /// <summary>Sends a command.</summary>
    public void Command(CommandCode code, ReadOnlySpan<byte> arguments) =>
        SendPacket(0, [(byte)code, .. arguments]);

    /// <summary>Reads one packet, or null when the server has closed.</summary>
    public byte[]? Read()
    {
        byte[] header = new byte[PacketLimits.HeaderLength];
        if (!TryFill(header))
            return null;
        byte[] payload = new byte[header[0] | header[1] << 8 | header[2] << 16];
        if (!TryFill(payload))
            return null;
        return payload.Length == PacketLimits.FramePayloadLengthMax ? [.. payload, .. Read() ?? []] : payload;
    }

    /// <summary>Runs a statement that gives no rows; returns its OK.</summary>
    public byte[] Run(string sql)
    {
        Command(CommandCode.Query, System.Text.Encoding.UTF8.GetBytes(sql));
        return ReadOk();
    }

    /// <summary>Reads an OK.</summary>
    public byte[] ReadOk()
    {
        byte[]? packet = Read();
        Assert.NotNull(packet);
        Assert.True(packet[0] == 0, System.Text.Encoding.UTF8.GetString(packet));
        return packet;
    }

    /// <summary>Reads an answer to its end, be it rows or an ERR, also one after some rows.</summary>
    public void ReadAnswer()
    {
        byte[]? packet = Read();
        Assert.NotNull(packet);
        if (packet[0] is 0 or 0xFF)
            return;
        for (int ends = 0; ends < 2 && packet![0] != 0xFF;)
        {
            packet = Read();
            Assert.NotNull(packet);
            if (packet[0] == 0xFE && packet.Length == 5)
                ends++;
        }
    }

    /// <summary>Runs a query; returns its rows as they came.</summary>
    public List<byte[]> Select(string sql)
    {
        Command(CommandCode.Query, System.Text.Encoding.UTF8.GetBytes(sql));
        return ReadRows(out _);
    }

    /// <summary>Reads a result set; <paramref name="status"/> is its last packet's.</summary>
    public List<byte[]> ReadRows(out int status)
    {
        byte[]? head = Read();
        Assert.NotNull(head);
        Assert.True(head[0] is > 0 and < 0xFB, System.Text.Encoding.UTF8.GetString(head));
        for (int i = 0; i <= head[0]; i++)
            Read();
        List<byte[]> rows = [];
        while (true)
        {
            byte[]? row = Read();
            Assert.NotNull(row);
            if (row[0] == 0xFF)
                Assert.Fail(System.Text.Encoding.UTF8.GetString(row));
            if (row[0] == 0xFE && row.Length == 5)
            {
                status = row[3] | row[4] << 8;
                return rows;
            }

            rows.Add(row);
        }
    }

    /// <summary>Reads an ERR and gives its code.</summary>
    public int ReadErrorCode()
    {
        byte[]? packet = Read();
        Assert.NotNull(packet);
        Assert.Equal(0xFF, packet[0]);
        return packet[1] | packet[2] << 8;
    }

    /// <summary>Reads whatever comes until the server closes; an answer that never comes fails the test.</summary>
    public void AssertClosed()
    {
        while (Read() is not null)
        {
        }
    }

    /// <summary>Logs in; returns the connection id.</summary>
    public uint LogIn(string user = "root", Capabilities more = Capabilities.None)
    {
        byte[] greeting = Read()!;
        int idOffset = 1 + greeting.AsSpan(1).IndexOf((byte)0) + 1;
        SendPacket(1, LoginPacket(user, more));
        ReadOk();
        return BitConverter.ToUInt32(greeting, idOffset);
    }

    /// <summary>The payload that answers a greeting, without a password.</summary>
    public static byte[] LoginPacket(string user, Capabilities more = Capabilities.None)
    {
        using var writer = new PacketWriter();
        writer.Begin();
        writer.WriteUInt32((uint)(Wanted | more));
        writer.WriteUInt32(1 << 24);
        writer.WriteByte(255);
        writer.WriteZeros(23);
        writer.WriteNullTerminated(System.Text.Encoding.UTF8.GetBytes(user));
        writer.WriteByte(0);
        writer.WriteNullTerminated("caching_sha2_password"u8);
        writer.End();
        return writer.Written[PacketLimits.HeaderLength..].ToArray();
    }

    private bool TryFill(byte[] target)
    {
        for (int filled = 0; filled < target.Length;)
        {
            int count = Socket.Receive(target.AsSpan(filled), SocketFlags.None, out SocketError error);
            if (count == 0)
            {
                Assert.True(error is SocketError.Success or SocketError.ConnectionReset, error.ToString());
                return false;
            }

            filled += count;
        }

        return true;
    }

    public void Dispose()
    {
        Socket.Dispose();
    }
}
