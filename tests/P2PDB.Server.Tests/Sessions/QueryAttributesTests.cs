using Microsoft.Extensions.Logging.Abstractions;
using MySqlConnector;
using P2PDB.Engine;
using P2PDB.Server.Packets;
using P2PDB.Server.Sessions;
using P2PDB.Server.Tests.Transport;

namespace P2PDB.Server.Tests.Sessions;

/// <summary>Named values that a client sends along with a statement, and the frames of those that compress.</summary>
public sealed class QueryAttributesTests : IDisposable
{
    private readonly Database _database = MemoryDatabase.Open();
    private readonly ServerState _server;

    public QueryAttributesTests() => _server = new ServerState(_database, new MySqlServerOptions(), NullLogger.Instance);

    public void Dispose()
    {
        _server.Dispose();
        _database.Dispose();
    }

    [Fact]
    public void The_text_of_a_query_follows_its_attributes()
    {
        using ScriptedClient client = Connect();

        Assert.Equal(0x00, client.Command([0x03, .. Bytes.Of("00 01"), .. "DO 1"u8])[0]);
        Assert.Equal(0x00, client.Command([0x03, .. Bytes.Of("02 01 02 01 fe00 0161 0800 0162 0378797a"), .. "DO 1"u8])[0]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("00 02")]
    [InlineData("01 01 00 00 fe00 0161 0178")]
    [InlineData("01 01 00 01 fe00 0561")]
    [InlineData("01 01 00 01 fe00 0161 0978")]
    [InlineData("fd000001 01")]
    public void Attributes_that_do_not_fit_are_refused_and_the_connection_goes_on(string hex)
    {
        using ScriptedClient client = Connect();

        byte[] answer = client.Command([0x03, .. Bytes.Of(hex)]);

        Assert.Equal(1835, answer[1] | answer[2] << 8);
        Assert.Equal(0x00, client.Command([0x0E])[0]);
    }

    [Fact]
    public void Attributes_of_an_execution_follow_its_parameters()
    {
        using var statement = new ClientStatement(1, null, 1);

        Assert.True(ExecuteParameters.TryRead(Bytes.Of("08 01000000 02 00 01 0300 00 fe00 0161 07000000 0178"), statement, hasAttributes: true));
        Assert.Equal(7, statement.Parameters.GetInt64(0));
        Assert.True(ExecuteParameters.TryRead(Bytes.Of("08 01000000 01 00 00 09000000"), statement, hasAttributes: true));
        Assert.Equal(9, statement.Parameters.GetInt64(0));
    }

    [Theory]
    [InlineData("08 01000000 00")]
    [InlineData("08 01000000 02 00 00 07000000 0178")]
    [InlineData("08 01000000 02 00 01 0300 00 fe00 0161 07000000")]
    [InlineData("08 01000000 fd000001 00")]
    public void Executions_whose_attributes_do_not_fit_are_refused(string hex)
    {
        using var statement = new ClientStatement(1, null, 1);
        Assert.False(ExecuteParameters.TryRead(Bytes.Of(hex), statement, hasAttributes: true));
    }

    [Fact]
    public async Task A_driver_sends_attributes_with_queries_and_executions()
    {
        await using TestServer server = await TestServer.StartAsync();
        await using var connection = new MySqlConnection(
            $"Server=127.0.0.1;Port={server.Server.LocalEndPoint!.Port};User ID=root;SslMode=None;Pooling=false;IgnorePrepare=false");
        await connection.OpenAsync();
        await using var command = new MySqlCommand("SELECT @p + 1", connection);
        command.Parameters.AddWithValue("@p", 41);
        command.Attributes.SetAttribute("trace", "00-4bf9");
        command.Attributes.SetAttribute("n", 7);

        Assert.Equal("42", Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture));
        await command.PrepareAsync();
        Assert.Equal("42", Convert.ToString(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Frames_inside_of_compressed_packets_may_have_any_number()
    {
        using var client = new ScriptedClient(_server, isLoopback: true);
        Assert.Equal(0x00, client.LogIn("root", [], more: Capabilities.Compress)[0]);

        client.Exchange(Bytes.Of("050000 00 000000 010000 07 0e"));

        Bytes.AssertHex("0b0000 01 000000 070000 08 00000002000000", client.LastSent);
    }

    private ScriptedClient Connect()
    {
        var client = new ScriptedClient(_server, isLoopback: true);
        Assert.Equal(0x00, client.LogIn("root", [], more: Capabilities.QueryAttributes)[0]);
        return client;
    }
}
