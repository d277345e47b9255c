using P2PDB.Server.Packets;
using P2PDB.Server.ResultSets;
using P2PDB.Server.Tests.Transport;

namespace P2PDB.Server.Tests.Sessions;

/// <summary>COM_STMT_EXECUTE with a cursor, and COM_STMT_FETCH.</summary>
public class CursorTests
{
    private const int CursorExists = 0x40;
    private const int LastRowSent = 0x80;

    [Fact]
    public async Task Rows_of_a_cursor_come_as_they_are_fetched_and_stay_as_they_were()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();
        client.LogIn();
        Open(client, "SELECT k FROM t ORDER BY k");
        client.Run("DELETE FROM t");

        Assert.Equal(["0000" + "01000000", "0000" + "02000000"], Fetch(client, 2, out int status));
        Assert.Equal(CursorExists, status & (CursorExists | LastRowSent));
        Assert.Equal(["0000" + "03000000"], Fetch(client, 1, out status));
        Assert.Equal(CursorExists, status & (CursorExists | LastRowSent));   // as MySQL: it has not looked further yet
        Assert.Empty(Fetch(client, 1, out status));
        Assert.Equal(LastRowSent, status & (CursorExists | LastRowSent));
        client.Command(CommandCode.StatementFetch, Bytes.Of("01000000 01000000"));
        Assert.Equal(1421, client.ReadErrorCode());
    }

    [Fact]
    public async Task A_cursor_is_closed_by_a_reset_an_execution_and_the_end_of_its_statement()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();
        client.LogIn();
        Open(client, "SELECT k FROM t");

        client.Command(CommandCode.StatementReset, Bytes.Of("01000000"));
        client.ReadOk();
        client.Command(CommandCode.StatementFetch, Bytes.Of("01000000 01000000"));
        Assert.Equal(1421, client.ReadErrorCode());
        client.Command(CommandCode.StatementExecute, Bytes.Of("01000000 01 01000000"));
        ReadHead(client);
        client.Command(CommandCode.StatementExecute, Bytes.Of("01000000 00 01000000"));
        Assert.Equal(3, client.ReadRows(out _).Count);
        client.Command(CommandCode.StatementFetch, Bytes.Of("01000000 01000000"));
        Assert.Equal(1421, client.ReadErrorCode());
        client.Command(CommandCode.StatementClose, Bytes.Of("01000000"));
        client.Command(CommandCode.StatementFetch, Bytes.Of("01000000 01000000"));
        Assert.Equal(1243, client.ReadErrorCode());
        client.Command(CommandCode.StatementFetch, Bytes.Of("01000000 0100"));
        Assert.Equal(1835, client.ReadErrorCode());
    }

    [Fact]
    public async Task A_statement_without_rows_ignores_the_wish_for_a_cursor()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();
        client.LogIn();
        client.Command(CommandCode.StatementPrepare, "DO 1"u8);
        client.Read();

        client.Command(CommandCode.StatementExecute, Bytes.Of("01000000 01 01000000"));

        client.ReadOk();
        client.Command(CommandCode.StatementFetch, Bytes.Of("01000000 01000000"));
        Assert.Equal(1421, client.ReadErrorCode());
    }

    [Fact]
    public void Many_rows_wait_in_a_file_that_goes_with_them()
    {
        string directory = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var files = new CursorFiles(directory);
            var rows = new CursorRows(files);
            byte[] row = new byte[10_000];
            for (byte i = 0; i < 20; i++)
            {
                row.AsSpan().Fill(i);
                rows.Add(row);
            }

            Assert.True(rows.IsInFile);
            for (byte i = 0; i < 20; i++)
            {
                Assert.True(rows.TryTake(out ReadOnlySpan<byte> taken));
                Assert.Equal(10_000, taken.Length);
                Assert.False(taken.ContainsAnyExcept(i));
            }

            Assert.False(rows.TryTake(out _));
            Assert.Equal(1, files.Count);
            rows.Dispose();
            Assert.Empty(Directory.EnumerateFiles(directory));
            Assert.Equal(0, files.Count);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void Cursors_have_only_so_many_files_and_one_on_a_full_disk_closes()
    {
        string directory = Directory.CreateTempSubdirectory().FullName;
        try
        {
            var files = new CursorFiles(directory);
            FileStream[] open = [.. Enumerable.Range(0, CursorFiles.CountMax).Select(_ => files.Open())];
            Assert.Throws<IOException>(files.Open);
            Array.ForEach(open, files.Close);
            Assert.Equal(0, files.Count);

            // A device without room takes the buffer's bytes when they are flushed: at the end.
            var full = new FileStream("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 4096);
            full.Write([1, 2, 3]);
            files.Close(full);
            Assert.True(full.SafeFileHandle.IsClosed);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task An_execution_that_fails_answers_with_the_error_alone()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();
        client.LogIn();
        client.Run("USE d");
        client.Run("CREATE TABLE t (k INT PRIMARY KEY)");
        client.Run("INSERT INTO t VALUES (1), (2), (3)");
        client.Command(CommandCode.StatementPrepare, "SELECT k, (SELECT k FROM t AS u WHERE u.k >= 5 - t.k) FROM t"u8);
        for (int i = 0; i < 4; i++)
            client.Read();   // the head, two columns, EOF

        client.Command(CommandCode.StatementExecute, Bytes.Of("01000000 01 01000000"));

        Assert.Equal(1242, client.ReadErrorCode());
        client.Command(CommandCode.Ping, []);
        Assert.Equal(0, client.Read()![0]);
    }

    private static void Open(RawClient client, string select)
    {
        client.Run("USE d");
        client.Run("CREATE TABLE t (k INT PRIMARY KEY)");
        client.Run("INSERT INTO t VALUES (1), (2), (3)");
        client.Command(CommandCode.StatementPrepare, System.Text.Encoding.UTF8.GetBytes(select));
        for (int i = 0; i < 3; i++)
            client.Read();   // the head, a column, EOF
        client.Command(CommandCode.StatementExecute, Bytes.Of("01000000 01 01000000"));
        ReadHead(client);
    }

    /// <summary>The count of columns, a column, and the only EOF, which says that there is a cursor.</summary>
    private static void ReadHead(RawClient client)
    {
        Assert.Equal("01", Bytes.Hex(client.Read()));
        client.Read();
        Assert.Equal("fe0000" + "4200", Bytes.Hex(client.Read()));
    }

    private static List<string> Fetch(RawClient client, byte count, out int status)
    {
        client.Command(CommandCode.StatementFetch, [1, 0, 0, 0, count, 0, 0, 0]);
        List<string> rows = [];
        while (true)
        {
            byte[]? packet = client.Read();
            Assert.NotNull(packet);
            if (packet[0] == 0xFE)
            {
                status = packet[3] | packet[4] << 8;
                return rows;
            }

            Assert.Equal(0, packet[0]);
            rows.Add(Bytes.Hex(packet));
        }
    }
}
