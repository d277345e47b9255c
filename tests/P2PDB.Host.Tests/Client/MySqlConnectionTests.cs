using P2PDB.Host.Client;

namespace P2PDB.Host.Tests.Client;

public class MySqlConnectionTests
{
    private static readonly byte[] LogIn =
    [
        .. Packet([10, .. "8.4.0"u8, 0, 1, 0, 0, 0, .. "12345678"u8, 0, 0xFF, 0xF7, 45, 2, 0, 0xFF, 0xDF, 21, .. new byte[10], .. "123456789012"u8, 0,
            .. "caching_sha2_password"u8, 0]),
        .. Packet([0, 0, 0, 2, 0, 0, 0]),
    ];

    [Fact]
    public async Task Rows_are_read()
    {
        IReadOnlyList<QueryResult> results = await AskAsync(
            [.. Packet([1]), .. Column("a"), .. Packet([0xFE, 0, 0, 0, 0]), .. Packet([1, (byte)'x']), .. Packet([0xFB]), .. Packet([0xFE, 0, 0, 0, 0])]);

        QueryResult result = Assert.Single(results);
        Assert.Equal(["a"], result.Columns);
        Assert.Equal(["x", null], result.Rows.Select(row => row[0]));
    }

    [Theory]
    [InlineData("FEFFFFFFFFFFFFFFFF")] // More columns than a number holds.
    [InlineData("FEFFFFFF7F00000000")] // More than memory does.
    [InlineData("FB66696C65")]         // A request for a file.
    public async Task Count_of_columns_that_is_none_breaks_the_connection(string hex) =>
        await Assert.ThrowsAsync<InvalidDataException>(() => AskAsync(Packet(Convert.FromHexString(hex))));

    [Theory]
    [InlineData("FE")]                 // An end without its status.
    [InlineData("FEFFFFFFFFFFFFFFFF")] // A text longer than a number holds.
    public async Task Row_that_ends_too_early_breaks_the_connection(string hex)
    {
        byte[] row = Packet(Convert.FromHexString(hex));

        await Assert.ThrowsAsync<InvalidDataException>(() => AskAsync([.. Packet([1]), .. Column("a"), .. Packet([0xFE, 0, 0, 0, 0]), .. row]));
    }

    [Fact]
    public async Task Stated_length_is_not_believed_before_the_bytes_come()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        await Assert.ThrowsAsync<EndOfStreamException>(() => AskAsync([0xFE, 0xFF, 0xFF, 0, 1]));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public async Task Key_that_is_none_breaks_the_login()
    {
        byte[] greeting = LogIn[..^11];
        var server = new ServerStream([.. greeting, .. Packet([1, 4]), .. Packet([1, .. "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"u8])]);

        await Assert.ThrowsAsync<InvalidDataException>(() => MySqlConnection.LogInAsync(server, "root", "secret", CancellationToken.None));
    }

    private static async Task<IReadOnlyList<QueryResult>> AskAsync(byte[] answer)
    {
        using MySqlConnection connection = await MySqlConnection.LogInAsync(new ServerStream([.. LogIn, .. answer]), "root", "", CancellationToken.None);
        return await connection.QueryAsync("SELECT 1", CancellationToken.None);
    }

    private static byte[] Column(string name) => Packet([0, 0, 0, 0, (byte)name.Length, .. System.Text.Encoding.UTF8.GetBytes(name)]);

    private static byte[] Packet(byte[] payload) => [(byte)payload.Length, (byte)(payload.Length >> 8), 0, 0, .. payload];

    /// <summary>Gives what the server sends; what the client sends goes nowhere.</summary>
    private sealed class ServerStream(byte[] sent) : MemoryStream(sent, writable: false)
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
