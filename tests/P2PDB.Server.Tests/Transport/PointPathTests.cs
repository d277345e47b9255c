using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using P2PDB.Engine;
using P2PDB.Server.Packets;

namespace P2PDB.Server.Tests.Transport;

/// <summary>
/// Prepared point statements over a socket, once warm, allocate nothing in the whole process, which has the server, the database
/// with its commits as they are by default, and a client that sends packets it made before.
/// </summary>
[Collection(nameof(PointPathTests))]
[CollectionDefinition(nameof(PointPathTests), DisableParallelization = true)]
public sealed class PointPathTests : IDisposable
{
    private const int RowCount = 1_000;
    private const int KeyOffset = PacketLimits.HeaderLength + 10 + 2 + 4;

    private readonly string _directory = Directory.CreateTempSubdirectory("p2pdb-point-").FullName;
    private readonly byte[] _answer = new byte[4096];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(StoreKind.File)]
    [InlineData(StoreKind.Memory)]
    public Task Point_selects_allocate_nothing(StoreKind store) =>
        AssertAllocatesNothingAsync(store, "SELECT k, v FROM d.t WHERE k <> ? AND id = ?", packetCount: 6);

    [Theory]
    [InlineData(StoreKind.File)]
    [InlineData(StoreKind.Memory)]
    public Task Point_updates_allocate_nothing(StoreKind store) =>
        AssertAllocatesNothingAsync(store, "UPDATE d.t SET k = ? WHERE id = ?", packetCount: 1);

    /// <summary>Runs a statement with a number that grows and a key of a row; each answer must have so many packets.</summary>
    private async Task AssertAllocatesNothingAsync(StoreKind store, string sql, int packetCount)
    {
        using Database database = Database.Open(_directory, new DatabaseOptions { Store = store });
        var options = new MySqlServerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0) };
        await using var server = new MySqlServer(database, options, TimeProvider.System, NullLoggerFactory.Instance);
        await server.StartAsync(CancellationToken.None);
        using var client = new RawClient(server.LocalEndPoint!);
        client.LogIn();
        client.Run("CREATE DATABASE d");
        client.Run("CREATE TABLE d.t (id INT PRIMARY KEY, k INT NOT NULL, v VARCHAR(100))");
        client.Run("INSERT INTO d.t VALUES " + string.Join(',', Enumerable.Range(0, RowCount).Select(id => $"({id}, 0, REPEAT('x', 100))")));
        client.Command(CommandCode.StatementPrepare, Encoding.UTF8.GetBytes(sql));
        byte[] id = client.ReadOk()[1..5];
        SkipDefinitions(client, packetCount);
        Socket socket = client.Socket;
        byte[] packet = PacketOf(id);
        int number = 0;
        AllocationMeter.RequireNothing(() =>
        {
            number++;
            BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(KeyOffset), number);
            BinaryPrimitives.WriteInt32LittleEndian(packet.AsSpan(KeyOffset + 4), (int)(number * 7919L % RowCount));
            socket.Send(packet);
            if (ReceiveAnswer(socket, packetCount) is var first && (first == 0xFF || (packetCount == 1 && first != 0)))
                Assert.Fail($"operation {number} failed");
        });
    }

    /// <summary>Receives an answer of so many packets; returns the first byte of its first payload.</summary>
    private byte ReceiveAnswer(Socket socket, int packetCount)
    {
        int received = 0, end = 0;
        for (int packets = 0; packets < packetCount; packets++)
        {
            while (received < end + PacketLimits.HeaderLength || received < end + PacketLimits.HeaderLength + LengthAt(end))
            {
                int count = socket.Receive(_answer.AsSpan(received));
                Assert.True(count > 0);
                received += count;
            }

            end += PacketLimits.HeaderLength + LengthAt(end);
            if (_answer[PacketLimits.HeaderLength] == 0xFF)
                break;
        }

        return _answer[PacketLimits.HeaderLength];
    }

    private int LengthAt(int offset) => (int)(BinaryPrimitives.ReadUInt32LittleEndian(_answer.AsSpan(offset)) & 0xFF_FFFF);

    /// <summary>After the OK of COM_STMT_PREPARE: two parameters and an EOF; for a query two columns and an EOF.</summary>
    private static void SkipDefinitions(RawClient client, int packetCount)
    {
        for (int i = packetCount > 1 ? 6 : 3; i > 0; i--)
            Assert.NotNull(client.Read());
    }

    /// <summary>COM_STMT_EXECUTE with two INT parameters.</summary>
    private static byte[] PacketOf(byte[] id)
    {
        byte[] payload = [0x17, .. id, 0, 1, 0, 0, 0, 0, 1, 3, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal(KeyOffset - PacketLimits.HeaderLength, payload.Length - 8);
        return [(byte)payload.Length, 0, 0, 0, .. payload];
    }
}
