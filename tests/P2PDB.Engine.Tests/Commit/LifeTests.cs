using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Tests.Log;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Tests.Commit;

/// <summary>What a node writes as after each way to end: as before only if nothing it ever published can be missing.</summary>
public class LifeTests
{
    private readonly TestClock _clock = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(0)]
    public void A_lost_tail_that_peers_hold_is_no_fork(int flushMode)
    {
        using TestNode owner = TestNode.Create(1, _clock);
        using TestNode peer = TestNode.Create(2, _clock);
        DatabaseId database = Shared(owner, peer, 3);
        owner.FlushMode = (FlushMode)flushMode;
        Publish(owner, database, 1);
        long sound = owner.JournalEnd();
        Publish(owner, database, 2);
        Publish(owner, database, 3);
        peer.Pull(owner, database);
        AuthorKey before = owner.Log.Find(database)!.OwnAuthor;

        owner.RestartWithoutTail(sound);
        Assert.Single(owner.Applier.RowsOf(database));
        Publish(owner, database, 4);

        Assert.NotEqual(before, owner.Log.Find(database)!.OwnAuthor);
        Assert.All(peer.Pull(owner, database), status => Assert.True(status is AppendStatus.Appended or AppendStatus.AlreadyKnown));
        owner.Pull(peer, database);
        TestNode.AssertSame(owner, peer, database, 4);
        AssertNoForks(database, owner, peer);
    }

    [Fact]
    public void Three_lives_in_a_row_lose_their_tails_and_nobody_forks()
    {
        using TestNode owner = TestNode.Create(4, _clock);
        using TestNode peer = TestNode.Create(5, _clock);
        DatabaseId database = Shared(owner, peer, 6);
        long sound = owner.JournalEnd();
        for (int life = 0; life < 3; life++)
        {
            Publish(owner, database, life);
            peer.Pull(owner, database);
            owner.RestartWithoutTail(sound);
        }

        Assert.Empty(owner.Applier.RowsOf(database));
        Publish(owner, database, 3);
        peer.Pull(owner, database);
        owner.Pull(peer, database);

        TestNode.AssertSame(owner, peer, database, 4);
        AssertNoForks(database, owner, peer);
        Assert.Equal(4, AuthorsOf(owner, peer, database));
    }

    [Fact]
    public void A_clean_end_keeps_the_author()
    {
        using TestNode owner = TestNode.Create(7);
        DatabaseId database = owner.CreateDatabase().Id;
        AuthorKey author = owner.Log.Find(database)!.OwnAuthor;
        for (int i = 0; i < 3; i++)
        {
            owner.Insert(database, i);
            owner.RestartCleanly();
            Assert.Equal(author, owner.Log.Find(database)!.OwnAuthor);
        }

        Assert.Equal(3, owner.Applier.RowsOf(database).Count);
    }

    [Fact]
    public void A_clean_end_counts_once()
    {
        using TestNode owner = TestNode.Create(8);
        DatabaseId database = owner.CreateDatabase().Id;
        AuthorKey author = owner.Log.Find(database)!.OwnAuthor;
        owner.RestartCleanly();

        owner.Restart();
        Assert.NotEqual(author, owner.Log.Find(database)!.OwnAuthor);
    }

    [Fact]
    public void Lives_that_write_nothing_leave_no_author_behind()
    {
        using TestNode owner = TestNode.Create(9, _clock);
        using TestNode peer = TestNode.Create(10, _clock);
        DatabaseId database = Shared(owner, peer, 11);
        AuthorKey first = owner.Log.Find(database)!.OwnAuthor;
        for (int i = 0; i < 5; i++)
            owner.Restart();
        Publish(owner, database, 1);
        peer.Pull(owner, database);

        Assert.Equal(2, AuthorsOf(owner, peer, database));
        Assert.Equal(first, owner.Log.Identity.AuthorOf(database).Previous);
    }

    [Fact]
    public void An_author_that_wrote_nothing_yet_is_kept_by_a_clean_end()
    {
        using TestNode owner = TestNode.Create(12);
        DatabaseId database = owner.CreateDatabase().Id;
        owner.Restart();
        AuthorKey author = owner.Log.Find(database)!.OwnAuthor;

        owner.RestartCleanly();
        Assert.Equal(author, owner.Log.Find(database)!.OwnAuthor);
        Assert.Equal(CommitStatus.Committed, owner.Insert(database, 1));
    }

    [Fact]
    public void A_copied_directory_goes_on_under_a_new_author_key()
    {
        using TestNode owner = TestNode.Create(13);
        DatabaseId database = owner.CreateDatabase().Id;
        owner.Insert(database, 1);
        AuthorKey old = owner.Log.Find(database)!.OwnAuthor;
        owner.Loop.Shutdown();
        using var copy = new TestNode(owner.Volume.Copy(new Random(14)), 15, owner.Clock);
        owner.Restart();

        Assert.Equal(old, owner.Log.Find(database)!.OwnAuthor);
        Assert.NotEqual(old, copy.Log.Find(database)!.OwnAuthor);
        Assert.Equal(CommitStatus.Committed, copy.Insert(database, 2));
        Assert.Equal(CommitStatus.Committed, owner.Insert(database, 3));
        owner.Pull(copy, database);
        copy.Pull(owner, database);
        TestNode.AssertSame(owner, copy, database, 3);
        AssertNoForks(database, owner, copy);
        Assert.Equal(old, owner.Log.Find(database)!.OwnAuthor);
    }

    [Fact]
    public void An_old_backup_written_over_the_directory_goes_on_under_a_new_author_key()
    {
        using TestNode owner = TestNode.Create(16, _clock);
        using TestNode peer = TestNode.Create(17, _clock);
        DatabaseId database = Shared(owner, peer, 18);
        AuthorKey author = owner.Log.Find(database)!.OwnAuthor;
        owner.RestartCleanly();
        owner.Loop.Shutdown();
        MemoryVolume backup = owner.Volume.Copy(new Random(19));
        owner.Restart();
        Publish(owner, database, 1);
        peer.Pull(owner, database);
        owner.Loop.Shutdown();
        owner.Close();
        owner.Volume.Restart();

        // The files stay the same ones, as the system counts files: only their bytes go back.
        foreach (string directory in (string[])["", "journal"])
        {
            foreach (string name in owner.Volume.List(directory))
                WriteOver(owner.Volume, backup, directory.Length == 0 ? name : directory + "/" + name);
        }

        owner.Volume.DeleteDirectory(HistoryFiles.DirectoryOf(database));
        foreach (string name in backup.List(HistoryFiles.DirectoryOf(database)))
            WriteOver(owner.Volume, backup, $"{HistoryFiles.DirectoryOf(database)}/{name}");
        owner.Restart();

        Assert.Empty(owner.Applier.RowsOf(database));
        Assert.NotEqual(author, owner.Log.Find(database)!.OwnAuthor);
        Publish(owner, database, 2);
        peer.Pull(owner, database);
        owner.Pull(peer, database);
        TestNode.AssertSame(owner, peer, database, 2);
        AssertNoForks(database, owner, peer);
    }

    [Fact]
    public void A_clean_end_that_does_not_name_what_is_there_proves_nothing()
    {
        using TestNode owner = TestNode.Create(20);
        DatabaseId database = owner.CreateDatabase().Id;
        owner.Loop.Shutdown();
        byte[] ended = owner.Volume.TryReadAll("ended")!;
        GoldenBytes.Check("ended-v1.hex", ended);
        for (int i = 0; i < ended.Length; i++)
        {
            AuthorKey before = owner.Log.Find(database)!.OwnAuthor;
            owner.Loop.Shutdown();
            owner.Close();
            owner.Volume.Restart();
            owner.Volume.Corrupt("ended", i, 0x10);

            owner.Restart();
            Assert.NotEqual(before, owner.Log.Find(database)!.OwnAuthor);
            Assert.False(owner.Volume.Exists("ended"));
        }
    }

    [Fact]
    public void A_node_that_lost_power_while_it_ended_or_started_never_forks()
    {
        using TestNode owner = TestNode.Create(21, _clock);
        using TestNode peer = TestNode.Create(22, _clock);
        DatabaseId database = Shared(owner, peer, 23);
        var dice = new Random(24);
        for (int i = 0; i < 200; i++)
        {
            Publish(owner, database, i);
            peer.Pull(owner, database);
            owner.Volume.LosePowerAfter(dice.Next(30));
            owner.Loop.Shutdown();
            owner.Restart();
        }

        peer.Pull(owner, database);
        owner.Pull(peer, database);
        TestNode.AssertSame(owner, peer, database, 200);
        AssertNoForks(database, owner, peer);
    }

    [Fact]
    public void A_full_disk_costs_a_life_and_nothing_else()
    {
        using TestNode owner = TestNode.Create(25);
        DatabaseId database = owner.CreateDatabase().Id;
        owner.Insert(database, 1);
        AuthorKey author = owner.Log.Find(database)!.OwnAuthor;
        owner.Volume.LimitGrowth(0);

        owner.RestartCleanly();
        Assert.Single(owner.Applier.RowsOf(database));
        Assert.NotEqual(author, owner.Log.Find(database)!.OwnAuthor);
        Assert.Equal(CommitStatus.DiskFull, owner.Insert(database, 2));

        owner.Volume.LimitGrowth(null);
        Assert.Equal(CommitStatus.Committed, owner.Insert(database, 2));
        Assert.Equal(2, owner.Applier.RowsOf(database).Count);
    }

    [Fact]
    public void A_fresh_author_has_the_standing_of_the_one_before()
    {
        using TestNode owner = TestNode.Create(26, _clock);
        using TestNode guest = TestNode.Create(27, _clock);
        using TestNode newcomer = TestNode.Create(28, _clock);
        DatabaseId database = Shared(owner, guest, 29);
        (SigningKey Key, EntryId Entry) invite = guest.Invite(database, 30);
        ResidueClass slot = guest.Log.Find(database)!.OwnMember!.Classes.Active;

        guest.Restart();
        newcomer.Follow(database);
        newcomer.Pull(guest, database);
        newcomer.Claim(database, invite);
        guest.Pull(newcomer, database);
        newcomer.Pull(guest, database);
        owner.Pull(guest, database);

        DatabaseLog log = guest.Log.Find(database)!;
        Assert.Equal(slot, log.OwnMember!.Classes.Active);
        Assert.True(log.MayWrite(log.OwnAuthor));
        Assert.NotNull(newcomer.Log.Find(database)!.OwnMember);
        Assert.True(owner.Log.Find(database)!.MayWrite(newcomer.Log.Find(database)!.OwnAuthor));
        guest.Invite(database, 31);
    }

    [Fact]
    public void A_guest_that_dies_between_claim_and_admission_is_let_in_once()
    {
        using TestNode owner = TestNode.Create(32, _clock);
        using TestNode guest = TestNode.Create(33, _clock);
        DatabaseId database = owner.CreateDatabase().Id;
        (SigningKey Key, EntryId Entry) invite = owner.Invite(database, 34);
        guest.Follow(database);
        guest.Pull(owner, database);
        guest.Claim(database, invite);
        guest.Restart();
        Assert.Equal(CommitStatus.NotAdmitted, guest.Insert(database, 1));

        owner.Pull(guest, database);
        guest.Pull(owner, database);
        Assert.Equal(CommitStatus.Committed, guest.Insert(database, 1));
        owner.Pull(guest, database);
        TestNode.AssertSame(owner, guest, database, 1);
        Assert.Equal(new ResidueClass(16, 1), guest.Log.Find(database)!.OwnMember!.Classes.Active);
    }

    [Fact]
    public void A_fresh_author_or_guest_is_let_in_where_more_heads_lie_open_than_an_entry_names()
    {
        using TestNode owner = TestNode.Create(35, _clock);
        using TestNode guest = TestNode.Create(36, _clock);
        DatabaseId database = Shared(owner, guest, 37);
        (SigningKey Key, EntryId Entry) invite = owner.Invite(database, 38);
        guest.Pull(owner, database);

        // As many copies of one directory, each of which writes apart, are as many heads.
        for (int i = 0; i < EntryFormat.ParentCountMax + 6; i++)
        {
            using var copy = new TestNode(guest.Volume.Copy(new Random(i)), 100 + i, _clock);
            copy.Insert(database, i);
            owner.Pull(copy, database);
        }

        int count = EntryFormat.ParentCountMax + 6;
        owner.Restart();
        using TestNode newcomer = TestNode.Create(39, _clock);
        newcomer.Follow(database);
        newcomer.Pull(owner, database);
        Assert.Equal(CommitStatus.Committed, newcomer.Claim(database, invite));
        Assert.Equal(CommitStatus.Committed, owner.Insert(database, 1000));
        guest.Pull(owner, database);
        TestNode.AssertSame(owner, guest, database, count + 1);

        owner.Pull(newcomer, database);
        newcomer.Pull(owner, database);
        Assert.Equal(CommitStatus.Committed, newcomer.Insert(database, 2000));
        owner.Pull(newcomer, database);
        TestNode.AssertSame(owner, newcomer, database, count + 2);
    }

    private static DatabaseId Shared(TestNode owner, TestNode guest, int seed)
    {
        DatabaseId database = owner.CreateDatabase().Id;
        owner.Admit(guest, database, seed);
        return database;
    }

    private static void Publish(TestNode node, DatabaseId database, int key)
    {
        Assert.Equal(CommitStatus.Committed, node.Insert(database, key));
        node.Loop.Tick();
    }

    private static int AuthorsOf(TestNode node, TestNode seenBy, DatabaseId database) =>
        seenBy.Log.Find(database)!.Access.Members.Count(member => member.NodeKey == node.Log.Identity.NodeKey.PublicKey);

    private static void AssertNoForks(DatabaseId database, params TestNode[] nodes) =>
        Assert.All(nodes, node => Assert.Empty(node.Log.Find(database)!.Forks));

    private static void WriteOver(MemoryVolume volume, MemoryVolume backup, string path)
    {
        if (backup.TryReadAll(path) is not { } bytes)
        {
            volume.Delete(path);
            return;
        }

        using StorageFile file = volume.Open(path, volume.Exists(path) ? StorageOpening.Existing : StorageOpening.CreateEmpty);
        file.Write(0, bytes);
        file.Sync();
    }
}
