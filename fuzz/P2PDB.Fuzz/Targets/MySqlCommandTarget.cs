using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using P2PDB.Engine;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Server;
using P2PDB.Server.Packets;
using P2PDB.Server.Transport;
using P2PDB.Tests;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: commands of a client that has logged in, each u16 length, u8 command, arguments; a statement's text is one of a fixed list (text is
/// the target <c>sql</c>'s), and what comes after its number is sent behind it: packets of a file for LOAD DATA LOCAL. A command has no encoding to compare with, its parts have (<c>mysql-framing</c>, <c>mysql-execute</c>): the law is that each is
/// answered as the protocol says, by packets that are whole and numbered from 1, and that nothing throws.
/// </summary>
internal sealed class MySqlCommandTarget : IFuzzTarget, IDisposable
{
    private const int CommandCountMax = 16;
    private const byte ResetConnection = 0x1F;
    private const byte Query = 0x03;
    private const byte Prepare = 0x16;
    private const byte FileRequest = 0xFB;

    private static readonly string[] Texts =
    [
        "SELECT 1", "SELECT ?", "SELECT a, b FROM d.t WHERE a = ?", "SELECT ?, ?, ? + 1", "DO 1", "SELEC", "", "SELECT 1; SELECT 2", "USE d", "SHOW WARNINGS",
        "SELECT CAST(? AS DECIMAL(10, 2)), CAST(? AS DATETIME), CAST(? AS JSON)", "SELECT 'x' FROM d.t LIMIT ?",
        "LOAD DATA LOCAL INFILE 'f' REPLACE INTO TABLE d.t", "LOAD DATA LOCAL INFILE 'f' INTO TABLE d.t; SELECT 1",
    ];

    private readonly Database _database;
    private readonly ServerState _server;
    private readonly FailureLog _log = new();
    private ScriptedWire _wire = new();
    private ClientConnection? _connection;

    public MySqlCommandTarget()
    {
        _database = Database.Open("memory", new DatabaseOptions
        {
            Volume = new MemoryVolume(new Random(1)),
            Journal = new JournalOptions { SegmentLength = 8 << 20 },
            HasTicker = false,
            Seed = 1,
        });
        _server = new ServerState(_database, new MySqlServerOptions { PacketLengthMax = 1 << 20, StatementCountMax = 20 }, _log);
        FuzzProbe probe = new();
        Serve(Frame([Query, .. "CREATE DATABASE d"u8]), probe, out _);
        Serve(Frame([Query, .. "CREATE TABLE d.t (a INT PRIMARY KEY, b VARCHAR(10))"u8]), probe, out _);
        Serve(Frame([Query, .. "SET GLOBAL local_infile = 1"u8]), probe, out _);
    }

    public string Name => "mysql-command";

    public IReadOnlyList<string> Decoder =>
    [
        "P2PDB.Server/Sessions/CommandTable.cs", "P2PDB.Server/Sessions/ConnectionCommands.cs", "P2PDB.Server/Sessions/QueryCommands.cs",
        "P2PDB.Server/Sessions/StatementCommands.cs", "P2PDB.Server/Sessions/StatementTable.cs", "P2PDB.Server/Sessions/ClientStatement.cs",
        "P2PDB.Server/Sessions/ClientFile.cs",
    ];

    // A session that begins anew where a command ended the connection, whose first query takes vectors for a batch (157 KB), and up to
    // sixteen statements that are parsed, planned and run: these are a fixed list of texts.
    public int AllocationSlack => (160 + (CommandCountMax * 10)) * 1024;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return Commands([0x0E]);
            yield return Commands([0x01]);
            yield return Commands([0x02, .. "d"u8], [0x02, .. "none"u8]);
            yield return Commands([Query, 0], [Query, 7], [Query, 5], [Query, 8], [Query, 2]);
            yield return Commands([0x04, .. "t"u8, 0], [0x02, .. "d"u8], [0x04, .. "t"u8, 0, (byte)'%'], [0x04, .. "a`b"u8, 0], [0x04]);
            yield return Commands([0x09], [0x0C, 99, 0, 0, 0], [0x0C, 1, 0, 0, 0], [0x0C]);
            yield return Commands([Prepare, 1], [0x17, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8], [0x19, 1, 0, 0, 0]);
            yield return Commands([Prepare, 2], [0x18, 1, 0, 0, 0, 0, 0, 55], [0x17, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 253, 0], [0x1A, 1, 0, 0, 0], [0x17, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0]);
            yield return Commands([Prepare, 5], [0x17], [0x17, 9, 0, 0, 0], [0x1A, 9, 0, 0, 0], [0x18, 1], [0x19]);
            yield return Commands([Prepare, 3], [0x18, 1, 0, 0, 0, 9, 0, 1], [0x17, 1, 0, 0, 0, 0, 1, 0, 0, 0, 7, 0], [0x18, 1, 0, 0, 0, 2, 0, 1], [0x18, 1, 0, 0, 0, 2, 0, 1, 2]);
            yield return Commands([0x1B, 1, 0], [Query, 7], [0x1B, 0, 0], [Query, 7], [0x1B, 9, 9], [0x1B], [0x1F], [0x1C], [0xFF], []);
            yield return Commands([Query, 12, .. Frame([.. "1\ta\n2\tb"u8], 2), .. Frame([.. "c\n"u8], 3), .. Frame([], 4)], [Query, 2]);
            yield return Commands([Query, 13, .. Frame([.. "1\ta\n"u8], 2), .. Frame([], 3)], [Query, 13, .. Frame([.. "x"u8], 2)], [Query, 12, .. Frame([], 9)]);
            yield return Commands([0x11, .. "root"u8, 0, 0, 0], [0x0E]);
            yield return Commands([0x11, .. "root"u8, 0, 0, (byte)'d', 0, 255, 0, .. "mysql_native_password"u8, 0]);
        }
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        Serve(Frame([ResetConnection]), probe, out _);
        bool isAnswered = false;
        for (int i = 0; i < CommandCountMax && input.Length >= sizeof(ushort); i++)
        {
            int length = Math.Min(BinaryPrimitives.ReadUInt16LittleEndian(input), input.Length - sizeof(ushort));
            byte[] command = input.Slice(sizeof(ushort), length).ToArray();
            input = input[(sizeof(ushort) + length)..];
            byte[] file = [];
            if (command is [Query or Prepare, ..])
            {
                string text = Texts[(command.Length > 1 ? command[1] : 0) % Texts.Length];
                if (command[0] == Query && text.StartsWith("LOAD", StringComparison.Ordinal))
                    file = command[2..(2 + LengthOfFile(command.AsSpan(2)))];
                command = [command[0], .. System.Text.Encoding.UTF8.GetBytes(text)];
            }

            bool isServed = Serve([.. Frame(command), .. file], probe, out ReadOnlySpan<byte> answer);
            _log.RequireNone();
            RequirePackets(answer);
            byte code = command.Length > 0 ? command[0] : (byte)0xFF;
            bool hasAnswer = code is not (0x01 or 0x18 or 0x19);
            FuzzLaw.Require(hasAnswer != answer.IsEmpty, $"command {code} is answered as the protocol says");
            bool isError = answer.Length > PacketLimits.HeaderLength && answer[PacketLimits.HeaderLength] == 0xFF;
            probe.Reached((code * 4) + (isError ? 1 : 0) + (isServed ? 2 : 0));
            isAnswered |= hasAnswer && !isError;
        }

        return isAnswered;
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _wire.Dispose();
        _server.Dispose();
        _database.Dispose();
    }

    // False when the connection is over; the next command gets a new one. Only serving is the decoder's.
    private bool Serve(byte[] packet, FuzzProbe probe, out ReadOnlySpan<byte> answer)
    {
        if (_connection is null)
            LogIn();
        _wire.Give(packet);
        probe.BeginDecoding();
        ServeOutcome outcome = _connection!.Serve();
        probe.EndDecoding();
        answer = _wire.Sent;
        if (outcome == ServeOutcome.Idle && answer is not [_, _, _, _, 0xFE, ..])
            return true;
        // Over, or in the middle of a login: an answer of its own is the target mysql-login's.
        _connection.Dispose();
        _connection = null;
        return false;
    }

    private void LogIn()
    {
        _wire = new ScriptedWire();
        _connection = new ClientConnection(_wire, _server, 1, "localhost", isLoopback: true);
        const Capabilities capabilities = Capabilities.Protocol41 | Capabilities.SecureConnection | Capabilities.PluginAuthentication
            | Capabilities.MultiStatements | Capabilities.MultiResults | Capabilities.LocalFiles;
        byte[] response =
        [
            .. BitConverter.GetBytes((uint)capabilities), 0, 0, 0, 1, 255, .. new byte[23], .. "root"u8, 0, 0, .. "caching_sha2_password"u8, 0,
        ];
        _wire.Give(Frame(response, sequence: 1));
        _connection.Serve();
        FuzzLaw.Require(_connection.IsAuthenticated, "root may log in");
    }

    private static void RequirePackets(ReadOnlySpan<byte> answer)
    {
        for (byte sequence = 1; !answer.IsEmpty; sequence++)
        {
            // What follows a request for a file counts on from the file's last packet.
            if (answer is [_, _, _, _, FileRequest, ..] && answer[3] == sequence)
            {
                answer = answer[(PacketLimits.HeaderLength + answer[0])..];
                sequence = answer.IsEmpty ? (byte)0 : (byte)(answer[3] - 1);
                continue;
            }

            FuzzLaw.Require(answer.Length >= PacketLimits.HeaderLength && answer[3] == sequence, "packets are numbered");
            int length = answer[0] | (answer[1] << 8) | (answer[2] << 16);
            FuzzLaw.Require(length <= answer.Length - PacketLimits.HeaderLength, "packets are whole");
            answer = answer[(PacketLimits.HeaderLength + length)..];
        }
    }

    // Up to the empty packet that ends it: what follows would be a command.
    private static int LengthOfFile(ReadOnlySpan<byte> packets)
    {
        int offset = 0;
        while (packets.Length - offset > PacketLimits.HeaderLength)
        {
            int length = packets[offset] | (packets[offset + 1] << 8) | (packets[offset + 2] << 16);
            offset += PacketLimits.HeaderLength + Math.Min(length, packets.Length - offset - PacketLimits.HeaderLength);
            if (length == 0)
                return offset;
        }

        return packets.Length;
    }

    private static byte[] Frame(byte[] payload, byte sequence = 0) =>
        [(byte)payload.Length, (byte)(payload.Length >> 8), (byte)(payload.Length >> 16), sequence, .. payload];

    private static byte[] Commands(params byte[][] commands)
    {
        List<byte> input = [];
        foreach (byte[] command in commands)
            input.AddRange([(byte)command.Length, (byte)(command.Length >> 8), .. command]);
        return [.. input];
    }

    /// <summary>Keeps the exception that the server's loop caught: it must not happen.</summary>
    private sealed class FailureLog : ILogger
    {
        private Exception? _failure;

        public void RequireNone()
        {
            Exception? failure = _failure;
            _failure = null;
            if (failure is not null)
                throw new FuzzLawException($"a command threw: {failure}");
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _failure ??= exception;
    }
}
