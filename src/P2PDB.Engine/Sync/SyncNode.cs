using System.Diagnostics.CodeAnalysis;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Sync;

/// <summary>
/// Sync of one node: its databases, its peers' sessions, and between them the way of a peer's entries into the log. The network's
/// adapter attaches a session per peer and drives it.
/// </summary>
public sealed class SyncNode : IDisposable
{
    private readonly NodeLog _node;
    private readonly CommitLoop _commits;
    private readonly ApplyQueue _applying;
    private readonly JoinFiles _joins;
    private readonly Lock _lock = new();
    private readonly Dictionary<DatabaseId, SharedDatabase> _databases = [];
    private readonly Dictionary<(PublicKey Peer, DatabaseId Database), SyncVector> _bases = [];
    private PeerSession[] _sessions = [];

    internal SyncNode(NodeLog node, CommitLoop commits, PublishedFeed published, string agent, bool isInline, SyncSizes? sizes = null)
    {
        published.Subscribe(Published);
        _node = node;
        _commits = commits;
        _applying = new ApplyQueue(isInline);
        _joins = new JoinFiles(node.Volume);
        Agent = agent;
        Sizes = sizes ?? SyncSizes.Usual;
    }

    /// <summary>Longest frame that a peer may send, in bytes.</summary>
    public static int FrameLengthMax => SyncLimits.FrameLengthMax;

    /// <summary>How often <see cref="PeerSession.Tick"/> is to be called.</summary>
    public static TimeSpan OfferInterval => SyncLimits.OfferInterval;

    /// <summary>What this node calls its software.</summary>
    public string Agent { get; }

    internal SyncSizes Sizes { get; }

    internal PublicKey NodeKey => _node.Identity.NodeKey.PublicKey;

    /// <summary>The databases of this node, now.</summary>
    internal List<SharedDatabase> Databases
    {
        get
        {
            List<SharedDatabase> databases = [];
            foreach (DatabaseLog log in _node.Databases)
            {
                if (TryFind(log.Id, out SharedDatabase? database))
                    databases.Add(database);
            }

            return databases;
        }
    }

    /// <summary>Makes the session of a peer that the network has connected. Start it, drive it, and <see cref="Detach"/> it.</summary>
    public PeerSession Attach(IPeerLink link)
    {
        var session = new PeerSession(this, link);
        lock (_lock)
            _sessions = [.. _sessions, session];
        return session;
    }

    /// <summary>Forgets and disposes a session whose connection has ended.</summary>
    public void Detach(PeerSession session)
    {
        lock (_lock)
            _sessions = Array.FindAll(_sessions, other => other != session);
        session.Dispose();
    }

    /// <summary>Ends the applying of peers' entries. Sessions are detached before.</summary>
    public void Dispose()
    {
        _applying.Dispose();
        foreach (SharedDatabase database in _databases.Values)
            database.Joining?.Dispose();
    }

    /// <summary>
    /// Keeps an invitation, so that a join that is cut off goes on with the next run. Comes before the database is followed: a name
    /// without its invitation would never get any further, and stand in the way of another try. False when the disk is full.
    /// </summary>
    internal bool TryKeep(InvitationTicket ticket) => _joins.TryAdd(ticket.Database, ticket.Encode());

    /// <summary>Begins to join the database of an invitation, which is kept; it is followed under a local name already.</summary>
    internal JoinAttempt Join(InvitationTicket ticket) => Start(ticket);

    /// <summary>Goes on with the joins that the last run of this node did not end.</summary>
    internal void ResumeJoins()
    {
        foreach (byte[] bytes in _joins.ReadAll())
        {
            // Only this class writes them; a file that is no ticket is left alone.
            if (!InvitationTicket.TryDecode(bytes, out InvitationTicket? ticket))
                continue;
            if (_node.Find(ticket.Database) is { OwnMember: null })
                Start(ticket);
            else
                _joins.Remove(ticket.Database);
        }
    }

    /// <summary>Gives up a join.</summary>
    internal void Forget(DatabaseId database)
    {
        if (TryFind(database, out SharedDatabase? shared))
            shared.Joining = null;
        _joins.Remove(database);
    }

    internal bool TryFind(DatabaseId id, [NotNullWhen(true)] out SharedDatabase? database)
    {
        lock (_lock)
        {
            if (_node.Find(id) is { } log)
            {
                database = FindOrAdd(log);
                return true;
            }

            _databases.Remove(id);
            database = null;
            return false;
        }
    }

    /// <summary>The vector that this node and a peer last had in common, empty when they never had.</summary>
    internal SyncVector BaseOf(in PublicKey peer, DatabaseId database)
    {
        lock (_lock)
            return _bases.GetValueOrDefault((peer, database), SyncVector.Empty);
    }

    internal void Remember(in PublicKey peer, DatabaseId database, SyncVector vector)
    {
        lock (_lock)
        {
            if (_bases.Count >= SyncLimits.BaseCountMax)
                _bases.Clear(); // They only save bytes.
            _bases[(peer, database)] = vector;
        }
    }

    /// <summary>Gives a peer's entries to the commit loop; the session finds the outcome in its mailbox. Owns the buffer.</summary>
    internal void Apply(SharedDatabase database, RentedBuffer entries, PeerSession session) =>
        _applying.Add(() =>
        {
            using (entries)
            using (var batch = new RemoteBatch { Database = database.Id, Entries = entries.Memory })
            {
                CommitStatus status = _commits.TryAppendRemote(batch);
                session.Mailbox.EndApply(Outcome(database.Id, status, batch.Result));
            }

            session.Link.Wake();
        });

    private static AppliedBatch Outcome(DatabaseId database, CommitStatus status, AppendBatch result)
    {
        bool waits = status != CommitStatus.Committed;
        bool isRefused = false;
        foreach (AppendStatus entry in result.Statuses)
        {
            waits |= entry is AppendStatus.ParentMissing or AppendStatus.NoRoom;
            isRefused |= entry is AppendStatus.Malformed or AppendStatus.SignatureInvalid or AppendStatus.DatabaseWrong;
        }

        return new AppliedBatch(database, result.Appended.Count, waits, isRefused);
    }

    /// <summary>Entries became durable: peers get them, and a join may be through.</summary>
    private void Published(DatabaseId database)
    {
        if (TryFind(database, out SharedDatabase? shared) && shared is { Joining: { } joining, Log.OwnMember: not null })
            EndJoin(shared, joining);

        foreach (PeerSession session in Volatile.Read(ref _sessions))
            session.Tell(database);
    }

    // PERF: a method of its own, so that a commit makes no closure; PointPathTests.
    private void EndJoin(SharedDatabase database, JoinAttempt joining)
    {
        database.Joining = null;
        joining.Reach(JoinState.Joined);
        _applying.Add(() => _joins.Remove(database.Id));
    }

    private void Claim(JoinAttempt attempt)
    {
        InvitationTicket ticket = attempt.Ticket;
        if (_node.Find(ticket.Database) is { } log && log.FindChain(log.OwnAuthor) is not null)
        {
            attempt.Reach(JoinState.Claimed); // Before a restart.
            return;
        }

        CommitStatus status = _commits.CommitAccess(ticket.Database, (_, author, changes) =>
            changes.Write(OpKind.Claim, AccessFormat.Claim(
                ticket.Database, ticket.Invite, attempt.OneTimeKey, author.Author, _node.Identity.NodeKey)));
        if (status == CommitStatus.Committed)
            attempt.Reach(JoinState.Claimed);
        else
            attempt.Retry();
    }

    private JoinAttempt Start(InvitationTicket ticket)
    {
        var attempt = new JoinAttempt(ticket, attempt => _applying.Add(() => Claim(attempt)));
        lock (_lock)
            FindOrAdd(_node.Find(ticket.Database)!).Joining = attempt;
        foreach (PeerSession session in Volatile.Read(ref _sessions))
            session.Tell(ticket.Database);
        return attempt;
    }

    private SharedDatabase FindOrAdd(DatabaseLog log)
    {
        if (!_databases.TryGetValue(log.Id, out SharedDatabase? database) || database.Log != log)
            _databases[log.Id] = database = new SharedDatabase(log);
        return database;
    }
}
