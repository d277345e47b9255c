using MySqlConnector;
using P2PDB.Server.Transport;

namespace P2PDB.Server.Tests.Transport;

/// <summary>Clients that pack what they send.</summary>
public sealed class CompressionTests : IDisposable
{
    private readonly ScriptedWire _below = new();
    private readonly byte[] _target = new byte[1024];

    public void Dispose() => _below.Dispose();

    [Fact]
    public void Few_bytes_are_sent_as_they_are_and_packets_count_on_from_the_clients()
    {
        using CompressedWire wire = Receiving("010000 04 000000 0e");
        Assert.Equal(WireStatus.Received, wire.Receive(_target, out int count));
        Assert.Equal((1, 0x0E), (count, _target[0]));

        wire.Send("abc"u8);
        wire.Send("d"u8);

        Bytes.AssertHex("030000 05 000000 616263" + "010000 06 000000 64", _below.Sent);
    }

    [Fact]
    public void Many_bytes_are_packed_where_that_makes_fewer_of_them()
    {
        using CompressedWire wire = Receiving("");
        wire.Send(new byte[60]);
        Assert.True(_below.SentLength < 30);
        Bytes.AssertHex("00 3c0000 78", _below.Sent[3..8]);

        _below.Give([]);
        byte[] noise = new byte[60];
        new Random(1).NextBytes(noise);
        wire.Send(noise);
        Assert.Equal(7 + noise.Length, _below.SentLength);
        Bytes.AssertHex("3c0000 01 000000", _below.Sent[..7]);
    }

    [Fact]
    public void A_packed_packet_is_unpacked_piece_by_piece()
    {
        using CompressedWire wire = Receiving("0c0000 00 3c0000 78014b4c241f0000b5c016bd" + "010000 01 000000 62");

        int total = 0;
        while (wire.Receive(_target.AsSpan(total, 25), out int count) == WireStatus.Received)
            total += count;

        Assert.Equal(new string('a', 60) + "b", System.Text.Encoding.ASCII.GetString(_target, 0, total));
    }

    [Theory]
    [InlineData("0c0000 00 3d0000 78014b4c241f0000b5c016bd", 60)]
    [InlineData("020000 00 3c0000 6162", 0)]
    [InlineData("000000 00 3c0000", 0)]
    public void A_packet_that_does_not_hold_what_it_says_ends_the_connection(string hex, int before)
    {
        using CompressedWire wire = Receiving(hex);

        int total = 0;
        WireStatus status;
        while ((status = wire.Receive(_target, out int count)) == WireStatus.Received)
            total += count;

        Assert.Equal((WireStatus.Closed, before), (status, total));
    }

    [Fact]
    public async Task A_client_that_packs_writes_and_reads_and_idles()
    {
        await using TestServer server = await TestServer.StartAsync(() => TestServer.Options(parkAfterMs: 50, packetLengthMax: 64 << 20));
        await using var connection = new MySqlConnection(
            $"Server=127.0.0.1;Port={server.Server.LocalEndPoint!.Port};User ID=root;Database=d;SslMode=None;Pooling=false;UseCompression=true");
        await connection.OpenAsync();
        await using var create = new MySqlCommand("CREATE TABLE t (k INT PRIMARY KEY, v LONGTEXT)", connection);
        await create.ExecuteNonQueryAsync();
        string value = string.Join(' ', Enumerable.Range(0, 300_000));
        await using var insert = new MySqlCommand("INSERT INTO t VALUES (1, @v)", connection);
        insert.Parameters.AddWithValue("@v", value);
        Assert.Equal(1, await insert.ExecuteNonQueryAsync());
        await TestServer.UntilAsync(() => server.Server.ParkedCount == 1);

        await using var select = new MySqlCommand("SELECT v FROM t", connection);
        Assert.Equal(value, (string?)await select.ExecuteScalarAsync());
        await using var status = new MySqlCommand("SHOW SESSION STATUS LIKE 'Bytes_received'", connection);
        Assert.NotNull(await status.ExecuteScalarAsync());
    }

    private CompressedWire Receiving(string hex)
    {
        _below.Give(Bytes.Of(hex));
        return new CompressedWire(_below, []);
    }
}
