using System.Text;
using P2PDB.Server.Packets;
using P2PDB.Server.Tests.Transport;

namespace P2PDB.Server.Tests.Sessions;

/// <summary>Whole exchanges between a client and the engine over a socket.</summary>
public class StatementExchangeTests
{
    /// <summary>Past 16 MiB a frame is continued by the next, and a length takes nine bytes.</summary>
    private const int LargeLength = 17 << 20;

    private const string LargePrefix = "fe0000100100000000";

    [Fact]
    public async Task A_statement_is_prepared_executed_again_and_closed()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();
        client.LogIn();
        client.Run("USE d");
        client.Run("CREATE TABLE t (k INT PRIMARY KEY, v VARCHAR(20))");

        client.Command(CommandCode.StatementPrepare, "INSERT INTO t VALUES (?, ?)"u8);
        Assert.Equal("00 01000000 0000 0200 00 0000".Replace(" ", "", StringComparison.Ordinal), Bytes.Hex(client.Read()));
        for (int i = 0; i < 3; i++)
            client.Read();   // two parameters and EOF
        client.Command(CommandCode.StatementExecute, Bytes.Of("01000000 00 01000000 00 01 0300 fd00 07000000 03 616263"));
        Assert.Equal(1, client.ReadOk()[1]);
        client.Command(CommandCode.StatementExecute, Bytes.Of("01000000 00 01000000 02 00 08000000"));
        Assert.Equal(1, client.ReadOk()[1]);
        client.Command(CommandCode.StatementExecute, Bytes.Of("01000000 00 01000000 02 00 08000000"));
        Assert.Equal(1062, client.ReadErrorCode());

        client.Command(CommandCode.StatementPrepare, "SELECT k, v FROM t WHERE k >= ? ORDER BY k"u8);
        Assert.Equal("00 02000000 0200 0100 00 0000".Replace(" ", "", StringComparison.Ordinal), Bytes.Hex(client.Read()));
        for (int i = 0; i < 5; i++)
            client.Read();   // a parameter, EOF, two columns, EOF
        client.Command(CommandCode.StatementExecute, Bytes.Of("02000000 00 01000000 00 01 0300 07000000"));
        Assert.Equal(["0000" + "07000000" + "03616263", "0008" + "08000000"], client.ReadRows(out _).ConvertAll(row => Bytes.Hex(row)));

        client.Command(CommandCode.StatementClose, Bytes.Of("02000000"));
        client.Command(CommandCode.StatementExecute, Bytes.Of("02000000 00 01000000 00 00 07000000"));
        Assert.Equal(1243, client.ReadErrorCode());
        client.Command(CommandCode.StatementPrepare, "SELEKT"u8);
        Assert.Equal(1064, client.ReadErrorCode());
    }

    [Fact]
    public async Task Long_data_comes_in_pieces()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();
        client.LogIn();

        client.Command(CommandCode.StatementPrepare, "SELECT CONCAT(?, '!')"u8);
        for (int i = 0; i < 5; i++)
            client.Read();   // the head, a parameter, EOF, a column, EOF
        client.Command(CommandCode.StatementSendLongData, Bytes.Of("01000000 0000 6162"));
        client.Command(CommandCode.StatementSendLongData, Bytes.Of("01000000 0000 63"));
        client.Command(CommandCode.StatementExecute, Bytes.Of("01000000 00 01000000 00 01 fd00"));

        Assert.Equal("0000" + "0461626321", Bytes.Hex(client.ReadRows(out _)[0]));
    }

    [Fact]
    public async Task Several_statements_give_several_answers_until_one_fails()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();
        client.LogIn();

        client.Command(CommandCode.Query, "SELECT 1; DO 0; SELECT 2; SELECT nothing; SELECT 3"u8);

        Assert.Equal("0131", Bytes.Hex(client.ReadRows(out int status)[0]));
        Assert.Equal(8, status & 8);
        client.ReadOk();
        Assert.Equal("0132", Bytes.Hex(client.ReadRows(out _)[0]));
        Assert.Equal(1054, client.ReadErrorCode());
        Assert.Equal("0134", Bytes.Hex(client.Select("SELECT 4")[0]));
    }

    [Fact]
    public async Task A_statement_without_a_plan_takes_parameters_too()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();
        client.LogIn();

        client.Command(CommandCode.StatementPrepare, "SET @a = ?"u8);
        for (int i = 0; i < 3; i++)
            client.Read();   // the head, a parameter, EOF
        client.Command(CommandCode.StatementExecute, Bytes.Of("01000000 00 01000000 00 01 fd00 02 6162"));
        client.ReadOk();

        Assert.Equal("026162", Bytes.Hex(client.Select("SELECT @a")[0]));
    }

    [Fact]
    public async Task A_parameter_outside_a_prepared_statement_is_a_syntax_error()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();
        client.LogIn();

        client.Command(CommandCode.Query, "DO 1;\nSELECT '?', ? + 1"u8);
        client.ReadOk();
        byte[] failure = client.Read()!;

        Assert.Equal(1064, failure[1] | failure[2] << 8);
        Assert.EndsWith("near '? + 1' at line 2", Encoding.UTF8.GetString(failure), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_of_several_frames_goes_in_and_comes_out()
    {
        await using TestServer server = await TestServer.StartAsync(() => TestServer.Options(packetLengthMax: 64 << 20));
        using RawClient client = server.Connect();
        client.LogIn();
        byte[] value = new byte[LargeLength];
        for (int i = 0; i < value.Length; i++)
            value[i] = (byte)('a' + i % 26);

        client.Command(CommandCode.Query, [.. "SELECT '"u8, .. value, (byte)'\'']);
        byte[] row = client.ReadRows(out _)[0];

        Assert.Equal(LargePrefix, Bytes.Hex(row.AsSpan(0, LargePrefix.Length / 2)));
        Assert.True(row.AsSpan(LargePrefix.Length / 2).SequenceEqual(value));
    }

    [Fact]
    public async Task A_large_value_is_kept_in_a_table()
    {
        await using TestServer server = await TestServer.StartAsync(() => TestServer.Options(packetLengthMax: 64 << 20));
        using RawClient client = server.Connect();
        client.LogIn();
        client.Run("USE d");
        client.Run("CREATE TABLE large (k INT PRIMARY KEY, v LONGBLOB)");
        string value = new('v', LargeLength);

        client.Run($"INSERT INTO large VALUES (1, '{value}')");

        Assert.Equal(value, Encoding.ASCII.GetString(client.Select("SELECT v FROM large")[0].AsSpan(LargePrefix.Length / 2)));
    }
}
