using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace P2PDB.Host.Client;

/// <summary>
/// A small MySQL client for the command line: logs in, sends a statement as text, reads its results. It speaks to any
/// MySQL server. Source: MySQL's client/server protocol, "Connection Phase" and "Text Protocol".
/// </summary>
internal sealed class MySqlConnection : IDisposable
{
    // CLIENT_LONG_PASSWORD, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, MULTI_STATEMENTS, MULTI_RESULTS, PLUGIN_AUTH.
    private const uint Capabilities = 0x1 | 0x200 | 0x2000 | 0x8000 | 0x1_0000 | 0x2_0000 | 0x8_0000;
    private const ushort MoreResults = 0x8;
    private const byte Utf8Mb4 = 45;
    private const int ColumnCountMax = 0xFFFF;
    private const byte QueryCommand = 3;

    private readonly PacketStream _packets;

    private MySqlConnection(PacketStream packets) => _packets = packets;

    /// <summary>Connects and logs in.</summary>
    /// <exception cref="ServerErrorException">The login was refused.</exception>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<MySqlConnection> OpenAsync(
        string host, int port, string user, string password, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
            return await LogInAsync(new NetworkStream(socket, ownsSocket: true), user, password, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Logs in to the server at the other end of a stream, which the connection owns from then on.</summary>
    /// <exception cref="ServerErrorException">The login was refused.</exception>
    /// <exception cref="InvalidDataException">What the server sent is no greeting, or asks for something unknown.</exception>
    /// <exception cref="EndOfStreamException">The server sent too little.</exception>
    public static async Task<MySqlConnection> LogInAsync(Stream stream, string user, string password, CancellationToken cancellationToken)
    {
        var connection = new MySqlConnection(new PacketStream(stream));
        await connection.LogInAsync(user, password, cancellationToken).ConfigureAwait(false);
        return connection;
    }

    /// <summary>Runs the statements of one text and reads each one's result.</summary>
    /// <exception cref="ServerErrorException">A statement failed; those before it took effect.</exception>
    /// <exception cref="InvalidDataException">What the server sent is no result; the connection is useless.</exception>
    /// <exception cref="EndOfStreamException">The server sent too little.</exception>
    public async Task<IReadOnlyList<QueryResult>> QueryAsync(string statements, CancellationToken cancellationToken)
    {
        _packets.StartCommand();
        byte[] command = [QueryCommand, .. Encoding.UTF8.GetBytes(statements)];
        await _packets.WriteAsync(command, cancellationToken).ConfigureAwait(false);

        List<QueryResult> results = [];
        bool more;
        do
        {
            (QueryResult result, more) = await ReadResultAsync(cancellationToken).ConfigureAwait(false);
            results.Add(result);
        }
        while (more);

        return results;
    }

    public void Dispose() => _packets.Dispose();

    private async Task LogInAsync(string user, string password, CancellationToken cancellationToken)
    {
        byte[] greeting = await _packets.ReadAsync(cancellationToken).ConfigureAwait(false);
        (byte[] nonce, string plugin) = ReadGreeting(greeting);
        await _packets.WriteAsync(LoginPacket(user, Scramble(plugin, password, nonce), plugin), cancellationToken).ConfigureAwait(false);

        bool wantsPublicKey = false;
        while (true)
        {
            byte[] answer = await _packets.ReadAsync(cancellationToken).ConfigureAwait(false);
            switch (answer)
            {
                case [0x00, ..]:
                    return;
                case [0xFF, ..]:
                    throw Error(answer);
                case [0xFE, ..]:
                    (plugin, nonce) = ReadSwitch(answer);
                    await _packets.WriteAsync(Scramble(plugin, password, nonce), cancellationToken).ConfigureAwait(false);
                    break;
                case [0x01, 0x03]:
                    break; // The server had the password cached; its OK follows.
                case [0x01, 0x04]:
                    wantsPublicKey = true;
                    await _packets.WriteAsync(new byte[] { 0x02 }, cancellationToken).ConfigureAwait(false);
                    break;
                case [0x01, .. var pem] when wantsPublicKey:
                    await _packets.WriteAsync(
                        PasswordScramble.Encrypt(password, nonce, Encoding.ASCII.GetString(pem)), cancellationToken).ConfigureAwait(false);
                    break;
                default:
                    throw new InvalidDataException("The server asks for a login that this client does not know.");
            }
        }
    }

    private static (byte[] Nonce, string Plugin) ReadGreeting(byte[] greeting)
    {
        if (greeting is [0xFF, ..])
            throw Error(greeting);

        var reader = new PayloadReader(greeting);
        if (reader.Byte() != 10)
            throw new InvalidDataException("What listens there does not speak MySQL's protocol 10.");

        reader.TextToNull();
        reader.Take(4);
        byte[] nonce = new byte[20];
        reader.Take(8).CopyTo(nonce);
        reader.Take(1 + 2 + 1 + 2 + 2 + 1 + 10);
        reader.Take(12).CopyTo(nonce.AsSpan(8));
        reader.Take(1);
        return (nonce, reader.TextToNull());
    }

    private static (string Plugin, byte[] Nonce) ReadSwitch(byte[] answer)
    {
        var reader = new PayloadReader(answer.AsSpan(1));
        string plugin = reader.TextToNull();
        return (plugin, reader.Take(20).ToArray());
    }

    private static byte[] Scramble(string plugin, string password, byte[] nonce) => plugin switch
    {
        "mysql_native_password" => PasswordScramble.Native(password, nonce),
        "caching_sha2_password" => PasswordScramble.Sha2(password, nonce),
        _ => throw new InvalidDataException($"The server asks for the login plugin {plugin}, which this client does not know."),
    };

    private static byte[] LoginPacket(string user, byte[] scramble, string plugin)
    {
        byte[] head = new byte[32];
        BinaryPrimitives.WriteUInt32LittleEndian(head, Capabilities);
        BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4), 1 << 30);
        head[8] = Utf8Mb4;
        return
        [
            .. head, .. Encoding.UTF8.GetBytes(user), 0, (byte)scramble.Length, .. scramble, .. Encoding.ASCII.GetBytes(plugin), 0,
        ];
    }

    private async Task<(QueryResult Result, bool More)> ReadResultAsync(CancellationToken cancellationToken)
    {
        byte[] first = await _packets.ReadAsync(cancellationToken).ConfigureAwait(false);
        if (first is [0xFF, ..])
            throw Error(first);
        if (first is [0x00, ..])
            return ReadOk(first);

        int columnCount = ColumnCount(first);
        List<string> columns = [];
        while (columns.Count < columnCount)
            columns.Add(ColumnName(await _packets.ReadAsync(cancellationToken).ConfigureAwait(false)));

        await _packets.ReadAsync(cancellationToken).ConfigureAwait(false); // The end of the column definitions.
        List<string?[]> rows = [];
        while (true)
        {
            byte[] packet = await _packets.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (packet is [0xFF, ..])
                throw Error(packet);
            if (packet is [0xFE, ..] && packet.Length < 9)
                return (new QueryResult(columns, rows, 0), (EndStatus(packet) & MoreResults) != 0);
            rows.Add(Row(packet, columnCount));
        }
    }

    private static (QueryResult Result, bool More) ReadOk(byte[] packet)
    {
        var reader = new PayloadReader(packet.AsSpan(1));
        ulong affected = reader.LengthEncoded().GetValueOrDefault();
        reader.LengthEncoded();
        return (new QueryResult([], [], affected), (reader.UInt16() & MoreResults) != 0);
    }

    private static int ColumnCount(byte[] packet) => new PayloadReader(packet).LengthEncoded() is { } count and >= 1 and <= ColumnCountMax
        ? (int)count
        : throw new InvalidDataException("The server answers with neither rows nor a count.");

    private static ushort EndStatus(byte[] packet)
    {
        var reader = new PayloadReader(packet);
        reader.Take(3); // The mark, and a count of warnings.
        return reader.UInt16();
    }

    private static string ColumnName(byte[] definition)
    {
        var reader = new PayloadReader(definition);
        for (int i = 0; i < 4; i++)
            reader.Text(); // Catalog, schema, table, original table.
        return reader.Text() ?? throw new InvalidDataException("The server sent a column without a name.");
    }

    private static string?[] Row(byte[] packet, int columnCount)
    {
        var reader = new PayloadReader(packet);
        string?[] row = new string?[columnCount];
        for (int i = 0; i < columnCount; i++)
            row[i] = reader.Text();
        return row;
    }

    private static ServerErrorException Error(byte[] packet)
    {
        var reader = new PayloadReader(packet.AsSpan(1));
        int code = reader.UInt16();
        string text = reader.TextToEnd();
        return text.StartsWith('#') && text.Length >= 6
            ? new ServerErrorException(code, text[1..6], text[6..])
            : new ServerErrorException(code, "HY000", text);
    }
}
