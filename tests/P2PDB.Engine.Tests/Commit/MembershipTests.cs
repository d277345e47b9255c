using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Tests.Commit;

public class MembershipTests
{
    [Fact]
    public void An_invited_node_writes_and_both_hold_the_same()
    {
        var clock = new TestClock();
        using TestNode owner = TestNode.Create(1, clock);
        using TestNode guest = TestNode.Create(2, clock);
        DatabaseId database = owner.CreateDatabase().Id;
        owner.Insert(database, 1);
        owner.Admit(guest, database, 3);

        Assert.Equal(CommitStatus.Committed, guest.Insert(database, 2));
        Assert.Equal(CommitStatus.Committed, owner.Insert(database, 3));
        owner.Pull(guest, database);
        guest.Pull(owner, database);

        TestNode.AssertSame(owner, guest, database, 3);
        DatabaseLog log = owner.Log.Find(database)!;
        Assert.Equal(new ResidueClass(16, 0), log.Access.AutoIncrementClass(log.OwnAuthor));
        Assert.Equal(new ResidueClass(16, 1), log.Access.AutoIncrementClass(guest.Log.Find(database)!.OwnAuthor));
        owner.Restart();
        guest.Restart();
        TestNode.AssertSame(owner, guest, database, 3);
    }

    [Fact]
    public void A_node_that_was_not_let_in_cannot_write()
    {
        using TestNode owner = TestNode.Create(4);
        using TestNode stranger = TestNode.Create(5);
        DatabaseId database = owner.CreateDatabase().Id;
        stranger.Follow(database);
        stranger.Pull(owner, database);

        Assert.Equal(CommitStatus.NotAdmitted, stranger.Insert(database, 1));
    }

    [Fact]
    public void Entries_of_a_stranger_are_not_held()
    {
        using TestNode owner = TestNode.Create(6);
        DatabaseId database = owner.CreateDatabase().Id;
        using SigningKey stranger = Key(7);
        using var bytes = new ByteWriter();
        TestNode.WriteEntry(bytes, database, stranger, new ChainTip(), owner.Log.Clock.Latest.Value + 1, [], 1);

        using var batch = new RemoteBatch { Database = database, Entries = bytes.WrittenMemory };
        owner.Loop.TryAppendRemote(batch);

        Assert.Equal(AppendStatus.AuthorUnknown, Assert.Single(batch.Result.Statuses));
        Assert.Equal(1, owner.Log.Find(database)!.EntryCount);
        Assert.Empty(owner.Applier.RowsOf(database));
    }

    [Fact]
    public void A_claimant_is_admitted_once_there_is_room_for_it()
    {
        int room = int.MaxValue;
        for (int spare = 0; spare < 6; spare++)
        {
            var clock = new TestClock();
            using TestNode owner = TestNode.Create(60, clock);
            using TestNode guest = TestNode.Create(61, clock);
            DatabaseId database = owner.CreateDatabase().Id;
            (SigningKey Key, EntryId Entry) invite = owner.Invite(database, 62);
            guest.Follow(database);
            guest.Pull(owner, database);
            guest.Claim(database, invite);
            owner.Volume.LimitGrowth(0);
            int count = 0;
            while (count < room - spare && owner.Insert(database, count) == CommitStatus.Committed)
                count++;
            room = spare == 0 ? count : room;

            // With some of the room left over the claim fits, and its countersignature does not.
            DatabaseLog log = guest.Log.Find(database)!;
            using var claim = new ByteWriter();
            log.Published.ReadRange(log.FindChain(log.OwnAuthor)!.Tip.Last, 0, int.MaxValue / 4, claim);
            using var batch = new RemoteBatch { Database = database, Entries = claim.WrittenMemory };
            owner.Loop.TryAppendRemote(batch);
            owner.Volume.LimitGrowth(null);
            if (batch.Status != CommitStatus.Committed)
                owner.Loop.TryAppendRemote(batch);
            owner.Loop.Tick();

            Assert.NotNull(owner.Log.Find(database)!.Access.FindNode(guest.Log.Identity.NodeKey.PublicKey));
        }
    }

    [Fact]
    public void What_a_claimant_wrote_before_its_admission_has_no_effect()
    {
        var clock = new TestClock();
        using TestNode owner = TestNode.Create(8, clock);
        using TestNode guest = TestNode.Create(9, clock);
        DatabaseId database = owner.CreateDatabase().Id;
        (SigningKey Key, EntryId Entry) invite = owner.Invite(database, 10);
        guest.Follow(database);
        guest.Pull(owner, database);
        guest.Claim(database, invite);
        DatabaseLog log = guest.Log.Find(database)!;
        AuthorIdentity author = guest.Log.Identity.AuthorOf(database);
        var tip = new ChainTip();
        tip.CopyFrom(log.FindChain(author.Author)!.Tip);
        using var bytes = new ByteWriter();
        TestNode.WriteEntry(bytes, database, author.Key, tip, guest.Log.Clock.Next().Value, [], 77);

        owner.Pull(guest, database);
        using var batch = new RemoteBatch { Database = database, Entries = bytes.WrittenMemory };
        owner.Loop.TryAppendRemote(batch);

        Assert.Equal(AppendStatus.Appended, Assert.Single(batch.Result.Statuses));
        Assert.Equal(EntryStanding.NotAdmitted, owner.Log.Find(database)!.StandingOf(batch.Result.Appended[0]));
        Assert.Empty(owner.Applier.RowsOf(database));
    }

    [Fact]
    public void Of_two_claims_of_one_invite_that_were_admitted_apart_the_later_gets_another_class()
    {
        var clock = new TestClock();
        using TestNode owner = TestNode.Create(11, clock);
        using TestNode member = TestNode.Create(12, clock);
        using TestNode first = TestNode.Create(13, clock);
        using TestNode second = TestNode.Create(14, clock);
        DatabaseId database = owner.CreateDatabase().Id;
        owner.Admit(member, database, 15);
        (SigningKey Key, EntryId Entry) invite = owner.Invite(database, 16);
        foreach (TestNode node in (TestNode[])[member, first, second])
        {
            if (node != member)
                node.Follow(database);
            node.Pull(owner, database);
        }

        first.Claim(database, invite);
        second.Claim(database, invite);
        owner.Pull(first, database);
        clock.Now += TimeSpan.FromSeconds(1);
        member.Pull(second, database);
        AuthorKey firstAuthor = first.Log.Find(database)!.OwnAuthor;
        AuthorKey secondAuthor = second.Log.Find(database)!.OwnAuthor;
        Assert.True(member.Log.Find(database)!.Access.IsAdmitted(secondAuthor));

        member.Pull(owner, database);
        owner.Pull(member, database);
        foreach (TestNode node in (TestNode[])[owner, member])
        {
            AccessState access = node.Log.Find(database)!.Access;
            Assert.Equal(new ResidueClass(16, 2), access.Find(firstAuthor)!.Classes.Active);
            ResidueClass other = access.Find(secondAuthor)!.Classes.Active;
            Assert.All(access.Members.Where(any => any.Author != secondAuthor), any => Assert.False(any.Classes.Active.Contains(other)));
        }
    }

    [Fact]
    public void Of_two_claims_of_one_invite_a_member_admits_one()
    {
        var clock = new TestClock();
        using TestNode owner = TestNode.Create(40, clock);
        using TestNode first = TestNode.Create(41, clock);
        using TestNode second = TestNode.Create(42, clock);
        DatabaseId database = owner.CreateDatabase().Id;
        (SigningKey Key, EntryId Entry) invite = owner.Invite(database, 43);
        foreach (TestNode node in (TestNode[])[first, second])
        {
            node.Follow(database);
            node.Pull(owner, database);
            node.Claim(database, invite);
        }

        // Both claims come together: where the disk was full, say.
        owner.Pull(second, database);
        owner.Pull(first, database);
        owner.Loop.Tick();

        Assert.Equal(2, owner.Log.Find(database)!.Access.Members.Count);
    }

    [Fact]
    public void A_class_that_a_lost_invite_gave_is_not_given_again()
    {
        var clock = new TestClock();
        using TestNode lost = TestNode.Create(50, clock);
        using TestNode first = TestNode.Create(51, clock);
        using TestNode second = TestNode.Create(52, clock);
        DatabaseId database = lost.CreateDatabase().Id;
        using TestNode owner = new(lost.Volume.Copy(new Random(53)), 54, clock);
        lost.Admit(first, database, 55);
        clock.Now += TimeSpan.FromSeconds(1);

        // The owner goes on from an older copy, and names the class of the invite that it does not know of.
        owner.Admit(second, database, 56);
        Assert.Equal(first.Log.Find(database)!.OwnMember!.Classes.Active, second.Log.Find(database)!.OwnMember!.Classes.Active);
        owner.Pull(first, database);
        first.Pull(owner, database);
        second.Pull(owner, database);
        Assert.Equal(CommitStatus.Committed, first.Insert(database, 1));
        Assert.Equal(CommitStatus.Committed, second.Insert(database, 2));
        owner.Pull(first, database);
        owner.Pull(second, database);
        first.Pull(owner, database);
        second.Pull(owner, database);

        TestNode.AssertSame(first, second, database, 2);
        TestNode.AssertSame(first, owner, database, 2);
        ResidueClass[] classes = [.. ((TestNode[])[owner, first, second]).Select(node => node.Log.Find(database)!.OwnMember!.Classes.Active)];
        Assert.Equal(new ResidueClass(16, 1), classes[1]);
        Assert.Equal(3, classes.Distinct().Count());
        Assert.False(classes[0].Contains(classes[2]));
    }

    [Fact]
    public void Two_entries_of_one_seq_are_both_held_and_reported()
    {
        using TestNode owner = TestNode.Create(17);
        DatabaseLog log = owner.CreateDatabase();
        AuthorIdentity author = owner.Log.Identity.AuthorOf(log.Id);
        var tip = new ChainTip();
        tip.CopyFrom(log.FindChain(author.Author)!.Tip);
        using var bytes = new ByteWriter();
        TestNode.WriteEntry(bytes, log.Id, author.Key, tip, owner.Log.Clock.Next().Value, [], 21);
        TestNode.WriteEntry(bytes, log.Id, author.Key, tip, owner.Log.Clock.Next().Value, [], 22);
        owner.Insert(log.Id, 1);

        using var batch = new RemoteBatch { Database = log.Id, Entries = bytes.WrittenMemory };
        owner.Loop.TryAppendRemote(batch);

        Assert.Equal([AppendStatus.Appended, AppendStatus.Appended], batch.Result.Statuses);
        Fork fork = Assert.Single(log.Forks);
        Assert.Equal(1UL, fork.Seq);
        Assert.Equal(3, owner.Applier.RowsOf(log.Id).Count);
        Assert.Equal(2, log.Published.GetVector().Count);

        // Our own key was used elsewhere: from now on this node writes with another one, which its node key certifies.
        Assert.NotEqual(author.Author, log.OwnAuthor);
        Assert.Equal(CommitStatus.Committed, owner.Insert(log.Id, 2));
        Assert.Equal(4, owner.Applier.RowsOf(log.Id).Count);
        owner.Restart();
        Assert.Equal(4, owner.Applier.RowsOf(log.Id).Count);
        Assert.Single(owner.Log.Find(log.Id)!.Forks);
    }

    [Fact]
    public void Entries_wait_for_their_parents_and_are_asked_for()
    {
        using TestNode owner = TestNode.Create(18);
        using TestNode reader = TestNode.Create(19);
        DatabaseLog log = owner.CreateDatabase();
        owner.Insert(log.Id, 1);
        owner.Insert(log.Id, 2);
        reader.Follow(log.Id);
        using var bytes = new ByteWriter();
        log.Published.ReadRange(log.FindChain(log.OwnAuthor)!.Tip.Last, 1, 1 << 20, bytes);
        using var batch = new RemoteBatch { Database = log.Id, Entries = bytes.WrittenMemory };

        reader.Loop.TryAppendRemote(batch);
        Assert.Equal([AppendStatus.ParentMissing, AppendStatus.ParentMissing], batch.Result.Statuses);
        Assert.Equal(new EntryId(log.Id.Hash), Assert.Single(reader.Log.Find(log.Id)!.GetMissing()));

        bytes.Clear();
        log.Published.ReadRange(new EntryId(log.Id.Hash), 0, 1 << 20, bytes);
        batch.Entries = bytes.WrittenMemory;
        reader.Loop.TryAppendRemote(batch);
        Assert.Equal(3, batch.Result.Appended.Count);
        Assert.Equal(2, reader.Applier.RowsOf(log.Id).Count);
        reader.Restart();
        Assert.Equal(2, reader.Applier.RowsOf(log.Id).Count);
    }

    [Fact]
    public void Entries_far_ahead_wait_for_the_clock()
    {
        var ahead = new TestClock();
        ahead.Now += TimeSpan.FromMinutes(7);
        using TestNode owner = TestNode.Create(20, ahead);
        using TestNode reader = TestNode.Create(21);
        DatabaseLog log = owner.CreateDatabase();
        owner.Insert(log.Id, 1);
        reader.Follow(log.Id);

        Assert.All(reader.Pull(owner, log.Id), status =>
            Assert.True(status is AppendStatus.Delayed or AppendStatus.ParentMissing));
        Assert.Equal(0, reader.Log.Find(log.Id)!.EntryCount);

        reader.Clock.Now += TimeSpan.FromMinutes(3);
        reader.Loop.Tick();
        Assert.Single(reader.Applier.RowsOf(log.Id));
    }

    [Fact]
    public void An_altered_entry_is_refused()
    {
        using TestNode owner = TestNode.Create(28);
        DatabaseLog log = owner.CreateDatabase();
        owner.Insert(log.Id, 1);
        using var bytes = new ByteWriter();
        log.Published.ReadRange(log.FindChain(log.OwnAuthor)!.Tip.Last, 1, 1 << 20, bytes);
        byte[] entry = bytes.Written.ToArray();
        for (int i = 0; i < entry.Length; i++)
        {
            using var reader = new DatabaseLog(log.Id, owner.Clock);
            using var batch = new AppendBatch();
            bytes.Clear();
            log.Published.ReadRange(new EntryId(log.Id.Hash), 0, 1 << 20, bytes);
            reader.Append(bytes.Written, batch);
            Assert.Equal(AppendStatus.Appended, Assert.Single(batch.Statuses));
            entry[i] ^= 0x40;

            reader.Append(entry, batch);
            Assert.Equal(1, reader.EntryCount);
            entry[i] ^= 0x40;
        }
    }

    [Fact]
    public void One_signature_proves_the_run_before_it_and_ranges_end_at_a_verified_one()
    {
        using TestNode owner = TestNode.Create(29);
        DatabaseLog log = owner.CreateDatabase();
        for (int i = 0; i < 5; i++)
            owner.Insert(log.Id, i);
        using var bytes = new ByteWriter();
        log.Published.ReadRange(log.FindChain(log.OwnAuthor)!.Tip.Last, 0, 1 << 20, bytes);
        byte[] entries = bytes.Written.ToArray();
        for (int offset = 0, i = 0; offset < entries.Length; i++)
        {
            EntryReader.TryRead(entries.AsSpan(offset), out EntryReader entry);
            int length = entry.Bytes.Length;
            if (i is 2 or 3)
                entries[offset + EntryFormat.FixedHeaderLength + 7] ^= 1;   // A signature nobody needs.
            offset += length;
        }

        using var reader = new DatabaseLog(log.Id, owner.Clock);
        using var batch = new AppendBatch();
        reader.Append(entries, batch);
        Assert.Equal(6, reader.EntryCount);
        reader.Published.Publish();

        bytes.Clear();
        Chain chain = reader.FindChain(log.OwnAuthor)!;
        Assert.Equal(2, reader.Published.ReadRange(chain[2].Id, 0, 1 << 20, bytes));
        Assert.Equal(5, reader.Published.ReadRange(chain[4].Id, 0, 1 << 20, bytes));
    }

    private static SigningKey Key(int seed)
    {
        byte[] bytes = new byte[32];
        new Random(seed).NextBytes(bytes);
        return SigningKey.FromSeed(bytes);
    }
}
