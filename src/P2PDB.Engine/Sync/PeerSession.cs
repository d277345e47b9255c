using System.Text;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Sync;

// One peer: what docs/protocols/sync.md says, as a state machine. Frames go in by Receive and out by the link; Work sends what
// other threads gave cause for; Tick offers again. The three are called by one caller at a time, so nothing here locks but the
// mailbox that the commit thread writes to.
//
// INVARIANT: nothing about a database is sent to a peer that DatabaseExchange.MayRead does not let read, and nothing that is
// not durable here: SharedDatabase shows durable entries only.

/// <summary>The sync protocol's state for one connection.</summary>
public sealed class PeerSession : IDisposable
{
    private readonly SyncNode _node;
    private readonly IPeerLink _link;
    private readonly Dictionary<DatabaseId, DatabaseExchange> _exchanges = [];
    private readonly SessionMailbox _mailbox = new();
    private readonly ByteWriter _frame = new();
    private bool _greeted;

    internal PeerSession(SyncNode node, IPeerLink link)
    {
        _node = node;
        _link = link;
    }

    /// <summary>The peer's node key.</summary>
    public PublicKey Remote => _link.Remote;

    /// <summary>What the peer calls its software; empty until it greeted.</summary>
    public string Agent { get; private set; } = "";

    /// <summary>True for a peer that knows evidence of membership.</summary>
    internal bool TakesEvidence { get; private set; }

    /// <summary>True once the peer sent what no honest one sends, a forged entry say: close the connection.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>False while so many of the peer's entries wait to be applied that no more frames should be read.</summary>
    public bool WantsFrames => _mailbox.ApplyingCount < SyncLimits.ApplyQueueCount;

    internal SyncNode Node => _node;

    internal IPeerLink Link => _link;

    internal SessionMailbox Mailbox => _mailbox;

    /// <summary>Greets, and offers each database. Called once, first.</summary>
    public void Start()
    {
        _frame.Clear();
        FrameWriter.Hello(_frame, Encoding.UTF8.GetBytes(_node.Agent));
        _link.Send(_frame.Written);
        foreach (SharedDatabase database in _node.Databases)
            ExchangeOf(database).Offer();
    }

    /// <summary>Takes one frame. False means that the peer broke the protocol: close the connection.</summary>
    public bool Receive(ReadOnlySpan<byte> frame)
    {
        var reader = new FrameReader(frame);
        if (!reader.TryReadStart(out FrameKind kind, out DatabaseId id))
            return false;
        if (kind == FrameKind.Hello)
            return ReceiveHello(ref reader);
        if (!_greeted)
            return false;

        if (!_node.TryFind(id, out SharedDatabase? database))
            return ReceiveUnknown(kind, id);

        return Receive(ExchangeOf(database), kind, ref reader);
    }

    /// <summary>Sends what the commit thread or an emptied queue gave cause for. Called after a wake and after each frame.</summary>
    public void Work()
    {
        while (_mailbox.TryTakeApplied(out AppliedBatch applied))
        {
            IsBroken |= applied.IsRefused;
            if (_exchanges.TryGetValue(applied.Database, out DatabaseExchange? exchange))
                exchange.Applied(applied);
        }

        while (_mailbox.TryTakeNews(out DatabaseId id))
        {
            if (_node.TryFind(id, out SharedDatabase? database))
                ExchangeOf(database).News();
        }

        foreach (DatabaseExchange exchange in _exchanges.Values)
            exchange.ContinueAnswer();
    }

    /// <summary>Offers each database again, and forgets those that are no longer followed. Called every <see cref="SyncNode.OfferInterval"/>.</summary>
    public void Tick()
    {
        foreach (DatabaseId id in new List<DatabaseId>(_exchanges.Keys))
        {
            if (!_node.TryFind(id, out _) && _exchanges.Remove(id, out DatabaseExchange? dropped))
                dropped.Dispose();
        }

        foreach (SharedDatabase database in _node.Databases)
            ExchangeOf(database).Tick();
    }

    /// <summary>Gives back the session's buffers. Nothing may be called after it but by threads that leave it news.</summary>
    public void Dispose()
    {
        foreach (DatabaseExchange exchange in _exchanges.Values)
            exchange.Dispose();
        _frame.Dispose();
    }

    /// <summary>A database has news or is new. Called by any thread.</summary>
    internal void Tell(DatabaseId database)
    {
        _mailbox.AddNews(database);
        _link.Wake();
    }

    internal void Apply(SharedDatabase database, RentedBuffer entries)
    {
        _mailbox.BeginApply();
        _node.Apply(database, entries, this);
    }

    private static bool Receive(DatabaseExchange exchange, FrameKind kind, ref FrameReader reader)
    {
        switch (kind)
        {
            case FrameKind.Offer when reader.TryReadOffer(out Hash256 vector, out Hash256 baseVector, out JoinProof? proof, out ReadOnlySpan<byte> evidence):
                exchange.ReceiveOffer(vector, baseVector, proof, evidence);
                return true;
            case FrameKind.Deny when reader.TryReadDeny(out DenyReason reason):
                exchange.ReceiveDeny(reason);
                return true;
            case FrameKind.Vector when reader.TryReadVector(out Hash256 since, out ChainHead[]? items):
                exchange.ReceiveVector(since, items);
                return true;
            case FrameKind.Want when reader.TryReadWant(out EntryRange[]? ranges):
                exchange.ReceiveWant(ranges);
                return true;
            case FrameKind.Entries when reader.TryReadEntries(out RentedBuffer? entries):
                exchange.ReceiveEntries(entries);
                return true;
            case FrameKind.Done when reader.TryReadDone():
                exchange.ReceiveDone();
                return true;
            default:
                return false;
        }
    }

    private bool ReceiveHello(ref FrameReader reader)
    {
        if (_greeted || !reader.TryReadHello(out ushort version, out ReadOnlySpan<byte> agent) || version == 0)
            return false;

        _greeted = true;
        TakesEvidence = version >= FrameWriter.EvidenceVersion;
        Agent = Encoding.UTF8.GetString(agent);
        return true;
    }

    // Says no more to a stranger than to a peer of a database that this node never heard of.
    private bool ReceiveUnknown(FrameKind kind, DatabaseId id)
    {
        if (kind == FrameKind.Offer)
        {
            _frame.Clear();
            FrameWriter.Deny(_frame, id, DenyReason.UnknownDatabase);
            _link.Send(_frame.Written);
        }

        return true;
    }

    private DatabaseExchange ExchangeOf(SharedDatabase database)
    {
        if (_exchanges.TryGetValue(database.Id, out DatabaseExchange? exchange) && exchange.Database == database)
            return exchange;
        // Dropped and joined again since: what was known of the peer is of the time before.
        exchange?.Dispose();
        return _exchanges[database.Id] = new DatabaseExchange(this, database, _frame);
    }
}
