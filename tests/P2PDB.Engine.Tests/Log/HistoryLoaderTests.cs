using System.Buffers.Binary;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Tests.Commit;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Tests.Log;

/// <summary>History files, and their indexes, give back the log that they were written from.</summary>
public sealed class HistoryLoaderTests
{
    private const int FileCount = 3;

    [Fact]
    public void Files_with_indexes_are_not_read_and_give_the_same_log()
    {
        using TestNode member = TestNode.Create(42);
        using TestNode owner = Written(member, out DatabaseId database);
        using HistoryFiles history = HistoryFiles.Open(owner.Volume, database);
        using var loaded = new DatabaseLog(database, owner.Clock, history);

        for (int file = 0; file < history.FileCount; file++)
            Assert.True(loaded.Indexed!.TryTake(file), $"file {file}");

        Assert.Equal(FileCount, history.FileCount);
        AssertSame(owner.Log.Find(database)!, loaded);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Files_without_indexes_get_them(bool isOneMissing)
    {
        using TestNode member = TestNode.Create(42);
        using TestNode owner = Written(member, out DatabaseId database);
        if (isOneMissing)
            owner.Volume.Delete(IndexPath(database, 1));
        else
            owner.RemoveIndexes(database);

        for (int start = 0; start < 2; start++)
        {
            using HistoryFiles history = HistoryFiles.Open(owner.Volume, database);
            using var loaded = new DatabaseLog(database, owner.Clock, history);
            HistoryLoader.Load(history, loaded);
            AssertSame(owner.Log.Find(database)!, loaded);
            for (int file = 0; file < FileCount; file++)
                Assert.True(owner.Volume.Exists(IndexPath(database, file)));
        }
    }

    [Fact]
    public void Entries_after_an_index_are_loaded_from_files_and_the_journal()
    {
        using TestNode member = TestNode.Create(42);
        using TestNode owner = Written(member, out DatabaseId database);
        owner.Insert(database, 100);
        member.Pull(owner, database);
        member.Insert(database, 101);
        owner.Pull(member, database);
        owner.Loop.WriteHistory();
        owner.Volume.Delete(IndexPath(database, FileCount));
        owner.Insert(database, 102);
        int rows = owner.Applier.RowsOf(database).Count;

        owner.Restart();
        Assert.Equal(CommitStatus.Committed, owner.Insert(database, 103));
        member.Pull(owner, database);

        TestNode.AssertSame(owner, member, database, rows + 1);
        Assert.Null(LogVerifier.Run(owner.Volume, owner.Clock).Damage);
    }

    [Fact]
    public void What_the_schema_made_void_is_for_apply_to_say_again()
    {
        using TestNode node = TestNode.Create(44);
        DatabaseId database = node.CreateDatabase().Id;
        node.Insert(database, 1);
        DatabaseLog held = node.Log.Find(database)!;
        EntryPosition position = held.InTotalOrder().Last();
        held.SetVoid(position);
        node.Loop.WriteHistory();
        using HistoryFiles history = HistoryFiles.Open(node.Volume, database);
        using var loaded = new DatabaseLog(database, node.Clock, history);

        Assert.True(loaded.Indexed!.TryTake(0));

        Assert.Equal(EntryStanding.Effective, loaded.StandingOf(position));
    }

    [Fact]
    public void A_file_with_an_entry_that_needs_a_newer_version_has_no_index()
    {
        using TestNode node = TestNode.Create(45);
        DatabaseLog log = node.CreateDatabase();
        node.Loop.CommitAccess(log.Id, static (_, _, changes) => changes.Write((OpKind)200, [1]));
        Assert.Contains(EntryStanding.Parked, log.InTotalOrder().Select(log.StandingOf));

        node.Loop.WriteHistory();

        Assert.False(node.Volume.Exists(IndexPath(log.Id, 0)));
    }

    [Fact]
    public void A_damaged_index_is_not_taken_and_made_again()
    {
        using TestNode node = Small(out DatabaseId database);
        string path = IndexPath(database, 0);
        byte[] whole = node.Volume.TryReadAll(path)!;
        for (int offset = 0; offset < whole.Length; offset++)
        {
            node.Volume.Corrupt(path, offset, 4);
            using HistoryFiles history = HistoryFiles.Open(node.Volume, database);
            using var loaded = new DatabaseLog(database, node.Clock, history);
            Assert.False(loaded.Indexed!.TryTake(0), $"byte {offset}");
            Assert.Equal(0, loaded.EntryCount);
            node.Volume.Corrupt(path, offset, 4);
        }

        node.Volume.Replace(path, whole.AsSpan(0, whole.Length / 2));
        node.Restart();

        Assert.Equal(whole.Length, node.Volume.TryReadAll(path)!.Length);
        Assert.Equal(3, node.Applier.RowsOf(database).Count);
    }

    [Fact]
    public void An_index_that_rots_while_the_node_runs_is_found_and_named()
    {
        using TestNode node = TestNode.Create(47);
        DatabaseLog log = node.CreateDatabase();
        for (int key = 0; key < 200; key++)
            node.Insert(log.Id, key);
        List<EntryId> ids = [.. log.InTotalOrder().Select(log.IdOf)];
        node.Loop.WriteHistory();
        Assert.Equal(ids, log.InTotalOrder().Select(log.IdOf));
        using HistoryFiles history = HistoryFiles.Open(node.Volume, log.Id);
        using var loaded = new DatabaseLog(log.Id, node.Clock, history);
        Assert.True(loaded.Indexed!.TryTake(0));

        // One of the second group, which is not in memory, and was not needed yet.
        string path = IndexPath(log.Id, 0);
        node.Volume.Corrupt(path, node.Volume.TryReadAll(path)!.Length - (100 * HistoryIndexFormat.EntryLength), 4);

        var damage = Assert.Throws<CorruptionException>(() => loaded.InTotalOrder().Select(loaded.IdOf).Count());
        Assert.Equal(path, damage.Path);
        Assert.Equal(ids[^1], loaded.IdOf(new EntryPosition(0, ids.Count - 1)));
    }

    [Fact]
    public void An_index_with_another_field_breaks_nothing()
    {
        using TestNode node = Small(out DatabaseId database);
        string path = IndexPath(database, 0);
        byte[] whole = node.Volume.TryReadAll(path)!;
        int refused = 0;
        for (int offset = 0; offset < whole.Length - HistoryIndexFormat.TrailerLength; offset++)
        {
            byte[] other = [.. whole];
            other[offset] ^= 0x41;
            Span<byte> trailer = other.AsSpan(other.Length - HistoryIndexFormat.TrailerLength);
            BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc32C.Compute(other.AsSpan(0, other.Length - HistoryIndexFormat.TrailerLength)));
            node.Volume.Replace(path, other);
            using HistoryFiles history = HistoryFiles.Open(node.Volume, database);
            using var loaded = new DatabaseLog(database, node.Clock, history);
            if (loaded.Indexed!.TryTake(0))
                continue;
            refused++;
            HistoryLoader.Load(history, loaded);
            AssertSame(node.Log.Find(database)!, loaded);
        }

        Assert.True(refused > HistoryIndexFormat.HeaderLength, $"{refused} refused");
    }

    [Fact]
    public void An_index_of_another_log_is_not_taken()
    {
        using TestNode node = Small(out DatabaseId database);
        node.Insert(database, 7);
        node.Loop.WriteHistory();
        using HistoryFiles history = HistoryFiles.Open(node.Volume, database);
        using var loaded = new DatabaseLog(database, node.Clock, history);

        // Its chain goes on where the log has none.
        Assert.False(loaded.Indexed!.TryTake(1));
        Assert.True(loaded.Indexed.TryTake(0));
        Assert.True(loaded.Indexed.TryTake(1));
        Assert.False(loaded.Indexed.TryTake(0));
        AssertSame(node.Log.Find(database)!, loaded);
    }

    [Fact]
    public void A_full_disk_leaves_history_without_an_index()
    {
        using TestNode node = TestNode.Create(46);
        DatabaseId database = node.CreateDatabase().Id;
        node.Insert(database, 1);
        bool hasHistory = false;
        for (int room = 0; !hasHistory; room += 64)
        {
            node.Volume.LimitGrowth(room);
            node.Loop.WriteHistory();
            Assert.Null(node.Loop.Failure);
            hasHistory = node.Volume.Exists($"{HistoryFiles.DirectoryOf(database)}/00000000.hist");
        }

        Assert.DoesNotContain(node.Volume.List(HistoryFiles.DirectoryOf(database)), static name => name.Contains(".hidx", StringComparison.Ordinal));
        node.Volume.LimitGrowth(null);
        node.Restart();
        Assert.True(node.Volume.Exists(IndexPath(database, 0)));
        Assert.Single(node.Applier.RowsOf(database));
    }

    [Fact]
    public void An_index_has_the_bytes_of_its_format()
    {
        using TestNode node = Small(out DatabaseId database);

        GoldenBytes.Check("history-index-v2.hex", node.Volume.TryReadAll(IndexPath(database, 0)));
    }

    private static TestNode Small(out DatabaseId database)
    {
        TestNode node = TestNode.Create(43);
        database = node.CreateDatabase().Id;
        for (int key = 0; key < 3; key++)
            node.Insert(database, key);
        node.Loop.WriteHistory();
        return node;
    }

    /// <summary>Two authors who build on each other, an author who forked, and one who was not let in, in several files.</summary>
    private static TestNode Written(TestNode member, out DatabaseId database)
    {
        TestNode owner = TestNode.Create(41);
        database = owner.CreateDatabase().Id;
        owner.Admit(member, database, 1);
        for (int file = 0, key = 0; file < FileCount; file++)
        {
            Fork(owner, member, database, 1_000 + file);
            for (int turn = 0; turn < 10; turn++)
            {
                owner.Insert(database, key++);
                member.Pull(owner, database);
                member.Insert(database, key++);
                owner.Pull(member, database);
            }

            owner.Loop.WriteHistory();
        }

        return owner;
    }

    /// <summary>Another entry of the member after its present last one, which goes on with the next.</summary>
    private static void Fork(TestNode owner, TestNode member, DatabaseId database, int row)
    {
        AuthorIdentity author = member.Log.Identity.AuthorOf(database);
        var tip = new ChainTip();
        tip.CopyFrom(member.Log.Find(database)!.FindChain(author.Author)!.Tip);
        using var bytes = new ByteWriter();
        TestNode.WriteEntry(bytes, database, author.Key, tip, member.Log.Clock.Next().Value, [], row);
        using var batch = new RemoteBatch { Database = database, Entries = bytes.WrittenMemory };
        Assert.Equal(CommitStatus.Committed, owner.Loop.TryAppendRemote(batch));
        Assert.Equal([AppendStatus.Appended], batch.Result.Statuses);
    }

    private static string IndexPath(DatabaseId database, int file) => $"{HistoryFiles.DirectoryOf(database)}/{file:x8}.hidx";

    private static void AssertSame(DatabaseLog held, DatabaseLog loaded)
    {
        Assert.Equal(held.EntryCount, loaded.EntryCount);
        Assert.Equal(held.InTotalOrder().Select(held.IdOf), loaded.InTotalOrder().Select(loaded.IdOf));
        Assert.Equal(held.InTotalOrder().Select(held.StandingOf), loaded.InTotalOrder().Select(loaded.StandingOf));
        Assert.Equal(held.InTotalOrder().Select(position => BytesOf(held, position)), loaded.InTotalOrder().Select(position => BytesOf(loaded, position)));
        Assert.Equal(held.InTotalOrder().Select(position => MembersAt(held, position)), loaded.InTotalOrder().Select(position => MembersAt(loaded, position)));
        Assert.Equal(held.Forks.Select(ForkOf).Order(), loaded.Forks.Select(ForkOf).Order());
        Assert.Equal(held.LatestHlc, loaded.LatestHlc);
        Assert.Equal(HeadsOf(held), HeadsOf(loaded));
        Assert.Equal(MembersOf(held.Access), MembersOf(loaded.Access));
        Assert.Equal(TipsOf(held), TipsOf(loaded));
    }

    private static string BytesOf(DatabaseLog log, EntryPosition position)
    {
        using var bytes = new ByteWriter();
        log.ReadEntry(position, bytes);
        return Convert.ToHexString(bytes.Written);
    }

    private static string MembersAt(DatabaseLog log, EntryPosition position) =>
        MembersOf(log.ChainAt(position.Chain).AccessAt(position.Index).State);

    private static string MembersOf(AccessState access) =>
        string.Join(' ', access.Members.Select(static member => $"{member.Author} {member.Classes.Active}").Order(StringComparer.Ordinal));

    // Which of two entries came first is not kept.
    private static (ulong Seq, string Lower, string Higher) ForkOf(Fork fork) =>
        string.CompareOrdinal(fork.First.ToString(), fork.Second.ToString()) < 0
            ? (fork.Seq, fork.First.ToString(), fork.Second.ToString())
            : (fork.Seq, fork.Second.ToString(), fork.First.ToString());

    private static List<EntryId> HeadsOf(DatabaseLog log)
    {
        List<EntryId> heads = [];
        log.GetNewHeads(default, heads);
        return heads;
    }

    private static IEnumerable<(EntryId Last, ulong NextSeq, Hash256 Root)> TipsOf(DatabaseLog log) =>
        Enumerable.Range(0, log.ChainCount).Select(log.ChainAt).Select(static chain => (chain.Tip.Last, chain.Tip.NextSeq, chain.Tip.HistoryRoot))
            .OrderBy(static tip => tip.Last);
}
