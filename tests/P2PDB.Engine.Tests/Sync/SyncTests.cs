using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Sync;
using P2PDB.Engine.Tests.Commit;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Tests.Sync;

public sealed class SyncTests : IDisposable
{
    private readonly TestClock _clock = new();
    private readonly List<SyncedNode> _nodes = [];

    public void Dispose() => _nodes.ForEach(static node => node.Dispose());

    [Fact]
    public void Invited_node_becomes_a_member_and_both_see_what_the_other_writes()
    {
        SyncedNode owner = NewNode();
        SyncedNode guest = NewNode();
        DatabaseId app = owner.Create().Id;
        owner.Write(app, 1);
        using var connection = new QueueConnection(owner, guest);

        JoinAttempt attempt = Join(owner, guest, app);
        connection.Settle();

        Assert.Equal(JoinState.Joined, attempt.State);
        Assert.Equal(owner.Heads(app), guest.Heads(app));
        guest.Write(app, 2);
        connection.Settle();
        Assert.Equal(guest.Heads(app), owner.Heads(app));
        owner.Write(app, 3);
        connection.Settle();
        Assert.Equal(owner.Heads(app), guest.Heads(app));
    }

    [Fact]
    public void What_both_wrote_apart_meets_when_they_connect_again()
    {
        (SyncedNode owner, SyncedNode guest, DatabaseId app) = Members();
        for (int i = 0; i < 300; i++)
        {
            owner.Write(app, i);
            guest.Write(app, 1000 + i);
        }

        using var connection = new QueueConnection(owner, guest);
        connection.Settle();

        Assert.Equal(owner.Heads(app), guest.Heads(app));
        Assert.Equal(owner.Log.Find(app)!.EntryCount, guest.Log.Find(app)!.EntryCount);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Lost_and_repeated_frames_are_mended_by_later_offers(int seed)
    {
        (SyncedNode owner, SyncedNode guest, DatabaseId app) = Members();
        var dice = new Random(seed);
        using var connection = new QueueConnection(owner, guest);
        connection.Settle();
        connection.Deliveries = () => dice.Next(4) switch { 0 => 0, 1 => 2, _ => 1 };
        for (int i = 0; i < 100; i++)
        {
            (dice.Next(2) == 0 ? owner : guest).Write(app, i);
            if (dice.Next(5) == 0)
                connection.Settle();
        }

        connection.Settle();
        connection.Deliveries = static () => 1;
        for (int i = 0; i < 4 && owner.Heads(app) != guest.Heads(app); i++)
            connection.Tick();

        Assert.Equal(owner.Heads(app), guest.Heads(app));
    }

    [Fact]
    public void Stranger_gets_nothing_and_gives_nothing()
    {
        SyncedNode owner = NewNode();
        SyncedNode stranger = NewNode();
        DatabaseId app = owner.Create().Id;
        stranger.Commits.FollowDatabase("app", app, out _);
        using var connection = new QueueConnection(owner, stranger);

        connection.Settle();
        connection.Tick();

        Assert.Equal(0, stranger.Log.Find(app)!.EntryCount);
    }

    [Fact]
    public void Invitation_serves_one_node()
    {
        SyncedNode owner = NewNode();
        SyncedNode first = NewNode();
        SyncedNode second = NewNode();
        DatabaseId app = owner.Create().Id;
        InvitationTicket ticket = owner.Invite(app);

        JoinState StateOf(SyncedNode guest)
        {
            guest.Commits.FollowDatabase("app", app, out _);
            using var connection = new QueueConnection(owner, guest);
            JoinAttempt attempt = guest.Sync.Join(ticket);
            connection.Settle();
            return attempt.State;
        }

        Assert.Equal(JoinState.Joined, StateOf(first));
        Assert.Equal(JoinState.Refused, StateOf(second));
    }

    [Fact]
    public void Join_goes_on_after_a_restart()
    {
        SyncedNode owner = NewNode();
        DatabaseId app = owner.Create().Id;
        var volume = new MemoryVolume(new Random(9));
        InvitationTicket ticket = owner.Invite(app);
        using (var before = new SyncedNode(9, _clock, volume))
        {
            Assert.Equal(CommitStatus.Committed, before.Invitations.Join(ticket, "app", null, out _));
        }

        volume.Restart();
        var after = new SyncedNode(10, _clock, volume);
        _nodes.Add(after);
        after.Sync.ResumeJoins();
        using var connection = new QueueConnection(owner, after);
        connection.Settle();

        after.Write(app, 1);
        connection.Settle();
        Assert.Equal(owner.Heads(app), after.Heads(app));
    }

    [Fact]
    public void Owner_that_died_lets_guests_in_by_old_and_new_invitations()
    {
        var volume = new MemoryVolume(new Random(11));
        DatabaseId app;
        InvitationTicket ticket;
        using (var before = new SyncedNode(11, _clock, volume))
        {
            app = before.Create().Id;
            ticket = before.Invite(app);
        }

        volume.Restart();
        var owner = new SyncedNode(12, _clock, volume);
        _nodes.Add(owner);
        SyncedNode first = NewNode();
        SyncedNode second = NewNode();
        using var near = new QueueConnection(owner, first);
        using var far = new QueueConnection(owner, second);

        first.Commits.FollowDatabase("app", app, out _);
        JoinAttempt byTheOld = first.Sync.Join(ticket);
        near.Settle();
        JoinAttempt byTheNew = Join(owner, second, app);
        far.Settle();
        near.Settle();

        Assert.Equal(JoinState.Joined, byTheOld.State);
        Assert.Equal(JoinState.Joined, byTheNew.State);
        Assert.Equal(owner.Heads(app), first.Heads(app));
        Assert.Equal(owner.Heads(app), second.Heads(app));
    }

    [Fact]
    public void Guest_that_dies_before_it_hears_of_its_admission_has_joined()
    {
        SyncedNode owner = NewNode();
        DatabaseId app = owner.Create().Id;
        var volume = new MemoryVolume(new Random(13));
        InvitationTicket ticket = owner.Invite(app);
        using (var before = new SyncedNode(13, _clock, volume))
        {
            before.Commits.FollowDatabase("app", app, out _);
            before.Sync.Join(ticket);
            using var first = new QueueConnection(owner, before);
            first.SettleUntil(() => owner.Log.Find(app)!.Access.FindNode(before.Log.Identity.NodeKey.PublicKey) is not null);
            Assert.Null(before.Log.Find(app)!.OwnMember);
        }

        volume.Restart();
        var after = new SyncedNode(14, _clock, volume);
        _nodes.Add(after);
        after.Sync.ResumeJoins();
        using var connection = new QueueConnection(owner, after);
        connection.Settle();

        Assert.Empty(volume.List("joins"));
        after.Write(app, 1);
        connection.Settle();
        Assert.Equal(owner.Heads(app), after.Heads(app));
    }

    [Fact]
    public void Node_whose_ticket_was_refused_drops_the_database_and_joins_by_another_over_the_same_connection()
    {
        SyncedNode owner = NewNode();
        SyncedNode first = NewNode();
        SyncedNode second = NewNode();
        DatabaseId app = owner.Create().Id;
        InvitationTicket used = owner.Invite(app);
        first.Commits.FollowDatabase("app", app, out _);
        first.Sync.Join(used);
        using (var introduction = new QueueConnection(owner, first))
            introduction.Settle();

        using var connection = new QueueConnection(owner, second);
        second.Commits.FollowDatabase("app", app, out _);
        JoinAttempt refused = second.Sync.Join(used);
        connection.Settle();
        Assert.Equal(JoinState.Refused, refused.State);
        second.Commits.DropDatabase(app);
        JoinAttempt again = Join(owner, second, app);
        connection.Settle();

        Assert.Equal(JoinState.Joined, again.State);
        Assert.Equal(owner.Heads(app), second.Heads(app));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Member_shows_what_let_it_in_to_an_inviter_that_lost_it(bool invitesAgain)
    {
        var volume = new MemoryVolume(new Random(15));
        MemoryVolume copy;
        DatabaseId app;
        SyncedNode guest = NewNode();
        SyncedNode guestOfGuest = NewNode();
        using (var before = new SyncedNode(15, _clock, volume))
        {
            app = before.Create().Id;
            copy = volume.Copy(new Random(16));
            using var near = new QueueConnection(before, guest);
            Join(before, guest, app);
            near.Settle();
            using var far = new QueueConnection(guest, guestOfGuest);
            Join(guest, guestOfGuest, app);
            far.Settle();
        }

        // The owner goes on from a copy of before, and knows neither of them.
        var owner = new SyncedNode(17, _clock, copy);
        _nodes.Add(owner);
        SyncedNode another = NewNode();
        if (invitesAgain)
        {
            Join(owner, another, app);
            using var introduction = new QueueConnection(owner, another);
            introduction.Settle();
        }

        guestOfGuest.Write(app, 1);
        owner.Write(app, 2);
        using var connection = new QueueConnection(owner, guestOfGuest);
        connection.Settle();

        Assert.Equal(owner.Heads(app), guestOfGuest.Heads(app));
        Assert.NotNull(owner.Log.Find(app)!.Access.FindNode(guest.Log.Identity.NodeKey.PublicKey));
        Assert.Equal(invitesAgain ? 4 : 3, owner.Log.Find(app)!.Access.Members.Select(member => member.NodeKey).Distinct().Count());
        using var other = new QueueConnection(owner, guest);
        other.Settle();
        owner.Write(app, 3);
        other.Settle();
        Assert.Equal(owner.Heads(app), guest.Heads(app));
    }

    [Fact]
    public void Guest_shows_its_claim_to_an_inviter_that_lost_the_invite()
    {
        var volume = new MemoryVolume(new Random(18));
        MemoryVolume copy;
        DatabaseId app;
        SyncedNode guest = NewNode();
        JoinAttempt attempt;
        using (var before = new SyncedNode(18, _clock, volume))
        {
            app = before.Create().Id;
            copy = volume.Copy(new Random(19));
            using var first = new QueueConnection(before, guest);
            attempt = Join(before, guest, app);
            first.SettleUntil(() => attempt.State == JoinState.Claimed);
        }

        var owner = new SyncedNode(20, _clock, copy);
        _nodes.Add(owner);
        using var connection = new QueueConnection(owner, guest);
        connection.Settle();

        Assert.Equal(JoinState.Joined, attempt.State);
        Assert.Equal(owner.Heads(app), guest.Heads(app));
    }

    [Fact]
    public void Evidence_of_another_node_lets_nobody_in()
    {
        (SyncedNode owner, SyncedNode guest, DatabaseId app) = Members();
        using var stranger = P2PDB.Primitives.Keys.SigningKey.Generate();
        PublicKey guestKey = guest.Log.Identity.NodeKey.PublicKey;
        DatabaseLog log = guest.Log.Find(app)!;
        using var evidence = new ByteWriter();
        Assert.True(MembershipEvidence.TryRead(log, guestKey, SyncLimits.EvidenceLengthMax, evidence));
        using var genesis = new ByteWriter();
        log.Published.ReadRange(new EntryId(app.Hash), 0, int.MaxValue / 4, genesis);
        using var forgetful = new DatabaseLog(app, _clock);
        using var batch = new AppendBatch();
        forgetful.Append(genesis.Written, batch);

        Assert.True(MembershipEvidence.IsConvincing(forgetful, guestKey, evidence.Written));
        Assert.False(MembershipEvidence.IsConvincing(forgetful, stranger.PublicKey, evidence.Written));
        byte[] altered = evidence.Written.ToArray();
        int held = evidence.Written.IndexOf(genesis.Written);
        for (int i = 0; i < altered.Length; i++)
        {
            // The signature of what is held already is not looked at.
            if (i >= held && i < held + genesis.Length)
                continue;
            altered[i] ^= 4;
            Assert.False(MembershipEvidence.IsConvincing(forgetful, guestKey, altered), $"byte {i}");
            altered[i] ^= 4;
        }
    }

    [Fact]
    public void Join_that_the_power_cut_off_goes_on_or_is_as_if_never_asked_for()
    {
        SyncedNode owner = NewNode();
        DatabaseId app = owner.Create().Id;
        for (int calls = 0; calls < 30; calls++)
        {
            var volume = new MemoryVolume(new Random(calls));
            InvitationTicket ticket = owner.Invite(app);
            using (var before = new SyncedNode(100 + calls, _clock, volume))
            {
                volume.LosePowerAfter(calls);
                try
                {
                    before.Invitations.Join(ticket, "app", null, out _);
                }
                catch (IOException)
                {
                    // The power is lost.
                }
            }

            volume.Restart();
            using var after = new SyncedNode(200 + calls, _clock, volume);
            after.Sync.ResumeJoins();
            if (!after.Invitations.IsFollowed(app))
                after.Invitations.Join(ticket, "app", null, out _);
            using var connection = new QueueConnection(owner, after);
            connection.Settle();

            Assert.NotNull(owner.Log.Find(app)!.Access.FindNode(after.Log.Identity.NodeKey.PublicKey));
            Assert.Equal(owner.Heads(app), after.Heads(app));
        }
    }

    [Fact]
    public void Join_that_meets_a_full_disk_goes_on_when_there_is_room()
    {
        SyncedNode owner = NewNode();
        DatabaseId app = owner.Create().Id;
        using SyncedNode probe = NewFullNode(30, int.MaxValue, out int room);
        for (int spare = 1; spare < 10; spare++)
        {
            using SyncedNode guest = NewFullNode(30 + spare, room - spare, out _);
            JoinAttempt attempt = Join(owner, guest, app);
            using var connection = new QueueConnection(owner, guest);
            connection.Settle();

            guest.Volume.LimitGrowth(null);
            connection.Tick();
            connection.Tick();

            Assert.Equal(JoinState.Joined, attempt.State);
            Assert.Equal(owner.Heads(app), guest.Heads(app));
        }
    }

    [Fact]
    public void Entries_that_wait_for_the_clock_are_not_asked_for_without_end()
    {
        SyncedNode owner = NewNode();
        var clock = new TestClock { Now = _clock.Now };
        using var guest = new SyncedNode(40, clock);
        DatabaseId app = owner.Create().Id;
        using (var introduction = new QueueConnection(owner, guest))
        {
            Join(owner, guest, app);
            introduction.Settle();
        }

        clock.Now -= TimeSpan.FromMinutes(10);
        owner.Write(app, 1);
        owner.Write(app, 2);
        var toGuest = new QueueLink(guest.Log.Identity.NodeKey.PublicKey);
        var toOwner = new QueueLink(owner.Log.Identity.NodeKey.PublicKey);
        (QueueLink Link, PeerSession Session)[] ends = [(toGuest, owner.Sync.Attach(toGuest)), (toOwner, guest.Sync.Attach(toOwner))];
        foreach ((_, PeerSession session) in ends)
            session.Start();

        // Frames first, then what became of them: applying takes longer than the next frame.
        int frameCount = 0;
        while (frameCount < 1_000 && toGuest.Sent.Count + toOwner.Sent.Count > 0)
        {
            for (int i = 0; i < 2; i++)
            {
                for (; ends[i].Link.Sent.TryDequeue(out byte[]? frame); frameCount++)
                    Assert.True(ends[1 - i].Session.Receive(frame));
            }

            foreach ((_, PeerSession session) in ends)
                session.Work();
        }

        Assert.True(frameCount < 1_000, "They talk without end.");
        owner.Sync.Detach(ends[0].Session);
        guest.Sync.Detach(ends[1].Session);
    }

    [Fact]
    public void Newcomer_that_asks_for_one_chain_at_a_time_gets_them_all()
    {
        SyncedNode owner = NewNode();
        DatabaseId app = owner.Create().Id;
        for (int i = 0; i < 5; i++)
        {
            SyncedNode member = NewNode();
            using var introduction = new QueueConnection(owner, member);
            Join(owner, member, app);
            introduction.Settle();
            member.Write(app, i);
            introduction.Settle();
        }

        using var newcomer = new SyncedNode(50, _clock, sizes: new SyncSizes { ItemCountMax = 1 });
        JoinAttempt attempt = Join(owner, newcomer, app);
        using var connection = new QueueConnection(owner, newcomer);
        connection.Settle();

        Assert.Equal(JoinState.Joined, attempt.State);
        Assert.Equal(owner.Heads(app), newcomer.Heads(app));
    }

    [Fact]
    public void Two_who_have_the_news_from_a_third_do_not_tell_each_other_without_end()
    {
        (SyncedNode owner, SyncedNode member, DatabaseId app) = Members();
        var sizes = new SyncSizes { ItemCountMax = 1, PushLengthMax = 100 };
        using var one = new SyncedNode(60, _clock, sizes: sizes);
        using var other = new SyncedNode(61, _clock, sizes: sizes);
        using var toMember = new QueueConnection(owner, member);
        using var toOne = new QueueConnection(owner, one);
        using var toOther = new QueueConnection(owner, other);
        QueueConnection[] connections = [toMember, toOne, toOther];
        Join(owner, one, app);
        Join(owner, other, app);
        for (int i = 0; i < 3; i++)
            Array.ForEach(connections, connection => connection.Settle());
        using var between = new QueueConnection(one, other);
        between.Settle();
        Assert.Equal(one.Heads(app), other.Heads(app));

        owner.Write(app, 1);
        member.Write(app, 2);
        Array.ForEach(connections, connection => connection.Settle());
        Assert.Equal(one.Heads(app), other.Heads(app));

        // The head of one chain is lost on its way, that of the other arrives.
        int frameCount = 0;
        between.Deliveries = () => frameCount++ == 0 ? 0 : 1;
        between.SettleUntil(() => frameCount > 100);
        Assert.True(frameCount <= 100, "They talk without end.");
    }

    [Fact]
    public void Third_node_hears_through_the_second()
    {
        (SyncedNode owner, SyncedNode guest, DatabaseId app) = Members();
        SyncedNode third = NewNode();
        using var near = new QueueConnection(owner, guest);
        using var far = new QueueConnection(guest, third);
        near.Settle();
        Join(guest, third, app);
        far.Settle();
        near.Settle();
        far.Settle();

        owner.Write(app, 1);
        near.Settle();
        far.Settle();

        Assert.Equal(owner.Heads(app), third.Heads(app));
    }

    [Fact]
    public void Equal_nodes_exchange_a_few_hundred_bytes()
    {
        (SyncedNode owner, SyncedNode guest, DatabaseId app) = Members();
        for (int i = 0; i < 1000; i++)
            owner.Write(app, i);
        using (var first = new QueueConnection(owner, guest))
            first.Settle();

        using var second = new QueueConnection(owner, guest);
        second.Settle();

        Assert.True(second.SentLength < 300, $"{second.SentLength} bytes");
        Assert.Equal(owner.Heads(app), guest.Heads(app));
    }

    [Fact]
    public void Frames_before_the_greeting_or_malformed_ones_end_the_session()
    {
        SyncedNode node = NewNode();
        using var key = P2PDB.Primitives.Keys.SigningKey.Generate();
        PeerSession session = node.Sync.Attach(new QueueLink(key.PublicKey));

        Assert.False(session.Receive([7, .. new byte[32]]));
        Assert.False(session.Receive([]));
        Assert.False(session.Receive([1, 0, 0, 0]));
        Assert.True(session.Receive([1, 1, 0, 0]));
        Assert.False(session.TakesEvidence);
        Assert.False(session.Receive([1, 1, 0, 0]));
        Assert.False(session.Receive([99]));
        node.Sync.Detach(session);
    }

    private static JoinAttempt Join(SyncedNode inviter, SyncedNode guest, DatabaseId database)
    {
        InvitationTicket ticket = inviter.Invite(database);
        guest.Commits.FollowDatabase("app", database, out _);
        return guest.Sync.Join(ticket);
    }

    /// <summary>A node whose disk has room for no more than its journal has, after some writes to a database of its own.</summary>
    private SyncedNode NewFullNode(int seed, int writeCountMax, out int writeCount)
    {
        var node = new SyncedNode(seed, _clock);
        Assert.Equal(CommitStatus.Committed, node.Commits.CreateDatabase("own", out DatabaseLog? own));
        node.Volume.LimitGrowth(4096); // The names and keys of a join.
        writeCount = 0;
        while (writeCount < writeCountMax && node.TryWrite(own!.Id, writeCount) == CommitStatus.Void)
            writeCount++;
        return node;
    }

    private (SyncedNode Owner, SyncedNode Guest, DatabaseId Database) Members()
    {
        SyncedNode owner = NewNode();
        SyncedNode guest = NewNode();
        DatabaseId app = owner.Create().Id;
        using var connection = new QueueConnection(owner, guest);
        JoinAttempt attempt = Join(owner, guest, app);
        connection.Settle();
        Assert.Equal(JoinState.Joined, attempt.State);
        return (owner, guest, app);
    }

    private SyncedNode NewNode()
    {
        var node = new SyncedNode(_nodes.Count + 1, _clock);
        _nodes.Add(node);
        return node;
    }
}
