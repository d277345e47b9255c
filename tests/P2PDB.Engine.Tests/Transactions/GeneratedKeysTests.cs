using System.Text;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Tests.Log;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Tests.Transactions;

public sealed class GeneratedKeysTests : IDisposable
{
    private MemoryVolume _volume = new(new Random(1));
    private Database _database;
    private Session _session;

    public GeneratedKeysTests()
    {
        (_database, _session) = Open();
        Run("CREATE DATABASE app; USE app");
    }

    public void Dispose() => Close();

    [Fact]
    public void Keys_of_rows_that_were_lost_are_not_given_out_again()
    {
        Run("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)");
        Insert(3);
        long sound = JournalEnd();
        Insert(500);

        Crash(sound);

        Assert.Equal("3", Run("SELECT COUNT(*) FROM t"));
        Insert(1);
        ulong next = ulong.Parse(Run("SELECT MAX(id) FROM t"), null);
        Assert.InRange(next, 504UL, 1_100UL);
    }

    [Fact]
    public void Keys_of_a_table_whose_definition_was_lost_are_not_given_out_again()
    {
        long sound = JournalEnd();
        Run("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)");
        Insert(5);

        Crash(sound);
        Run("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)");
        Insert(1);

        Assert.True(ulong.Parse(Run("SELECT MAX(id) FROM t"), null) > 5);
    }

    [Fact]
    public void A_clean_end_leaves_no_gap()
    {
        Run("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)");
        for (int i = 0; i < 3; i++)
        {
            Insert(2);
            Close();
            _volume.Restart();
            (_database, _session) = Open();
            Run("USE app");
        }

        Assert.Equal("1\n2\n3\n4\n5\n6", Run("SELECT id FROM t ORDER BY id"));
    }

    [Fact]
    public void Crashes_do_not_use_up_a_small_type()
    {
        Run("CREATE TABLE t (id TINYINT AUTO_INCREMENT PRIMARY KEY, v INT)");
        for (int i = 0; i < 20; i++)
        {
            Insert(1);
            Crash(JournalEnd());
        }

        Assert.Equal("20", Run("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void A_class_too_thin_for_blocks_still_gives_keys()
    {
        Run("CREATE TABLE t (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, v INT)");
        DatabaseId database = _database.Log.Databases[0].Id;
        using StoreSnapshot snapshot = _database.Store.BeginRead();
        var table = ((Engine.Catalog.NodeSchema)snapshot.Companion!).Find(database.Hash)!.FindTable("t")!;
        var thin = new ResidueClass(1UL << 60, 5);
        List<ulong> given = [];
        while (_database.Transactions.GeneratedKeys.TryNext(database, table, thin, ulong.MaxValue, out ulong value))
            given.Add(value);

        Assert.Equal(Enumerable.Range(0, 16).Select(i => ((ulong)i << 60) + 5), given);
    }

    [Fact]
    public void A_full_disk_fails_the_statement_and_no_key_is_lost_to_others()
    {
        Run("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)");
        _volume.LimitGrowth(0);
        Assert.Equal("error 1021", Run("INSERT INTO t (v) VALUES (1)"));

        _volume.LimitGrowth(null);
        Insert(1);
        Assert.Equal("1", Run("SELECT COUNT(*) FROM t"));
    }

    [Fact]
    public void The_file_is_read_whole_or_not_at_all()
    {
        Run("CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)");
        Run("CREATE TABLE u (id INT AUTO_INCREMENT PRIMARY KEY, v INT)");
        Insert(20);
        Run("INSERT INTO u (v) VALUES (1)");
        byte[] bytes = _volume.TryReadAll($"databases/{_database.Log.Databases[0].Id}/generated")!;
        SortedDictionary<TableId, ulong> limits = new()
        {
            [TableId.Read(Enumerable.Range(1, 16).Select(i => (byte)i).ToArray())] = 48,
            [TableId.Read(Enumerable.Range(2, 16).Select(i => (byte)i).ToArray())] = 16,
        };
        var scratch = new MemoryVolume(new Random(2));
        GeneratedKeysFile.Write(scratch, default, limits);

        Assert.True(GeneratedKeysFile.TryDecode(bytes, out SortedDictionary<TableId, ulong> read));
        Assert.Equal([16UL, 48UL], read.Values.Order());
        Assert.Equal(limits, GeneratedKeysFile.Read(scratch, default));
        byte[] golden = scratch.TryReadAll($"databases/{default(DatabaseId)}/generated")!;
        GoldenBytes.Check("generated-v1.hex", golden);
        for (int length = 0; length < golden.Length; length++)
            Assert.False(GeneratedKeysFile.TryDecode(golden.AsSpan(0, length), out _));
        for (int i = 0; i < golden.Length; i++)
        {
            golden[i] ^= 0x20;
            Assert.False(GeneratedKeysFile.TryDecode(golden, out _));
            golden[i] ^= 0x20;
        }
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 1)]
    public void Tables_out_of_order_are_no_file(byte first, byte second)
    {
        using var bytes = new ByteWriter();
        bytes.Write("P2PDBGEN"u8);
        bytes.WriteUInt32(2);
        foreach (byte table in (byte[])[first, second])
        {
            bytes.WriteZeros(TableId.Length - 1);
            bytes.WriteByte(table);
            bytes.WriteUInt64(16);
        }

        bytes.WriteUInt32(Crc32C.Compute(bytes.Written));

        Assert.False(GeneratedKeysFile.TryDecode(bytes.Written, out _));
    }

    /// <summary>What a process that dies leaves, without the journal from an offset on.</summary>
    private void Crash(long journalOffset)
    {
        MemoryVolume left = _volume.Copy(new Random(3));
        Close();
        using (StorageFile file = left.Open(JournalSegment.PathOf(1), StorageOpening.Existing))
            file.FillWithZeros(journalOffset, file.Length);
        _volume = left;
        (_database, _session) = Open();
        Run("USE app");
    }

    private long JournalEnd()
    {
        JournalTail tail = JournalReader.Read(_volume, (ReadOnlySpan<byte> _, long _, in JournalSegment _) => { });
        return tail.Segments[^1].OffsetOf(tail.Position);
    }

    private (Database Database, Session Session) Open()
    {
        var database = Database.Open("", new DatabaseOptions
        {
            Volume = _volume,
            HasTicker = false,
            Seed = 1,
            Journal = new JournalOptions { SegmentLength = 1024 * 1024 },
        });
        return (database, database.OpenSession());
    }

    private void Close()
    {
        _session.Dispose();
        _database.Dispose();
    }

    private void Insert(int count)
    {
        for (int i = 0; i < count; i++)
            Run("INSERT INTO t (v) VALUES (1)");
    }

    private string Run(string sql)
    {
        var sink = new Execution.TextSink(_session);
        _session.Execute(Encoding.UTF8.GetBytes(sql), sink);
        return sink.Text;
    }
}
