using System.Runtime.InteropServices;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Sync;

/// <summary>One database's part of a <see cref="PeerSession"/>: the ladder from comparing hashes to streaming ranges.</summary>
internal sealed class DatabaseExchange : IDisposable
{
    private readonly PeerSession _session;
    private readonly SharedDatabase _database;
    private readonly ByteWriter _frame;

    // What the peer said it holds and we may lack.
    private readonly HashSet<ChainHead> _theirs = [];

    // Those of them that were asked for since the last time all were.
    private readonly HashSet<ChainHead> _asked = [];

    // Heads that were told since the last tick. Told again with each vector that comes, they would make two peers that have all of
    // them from a third answer each other without end; where they were lost, the next offer finds out.
    private readonly HashSet<ChainHead> _told = [];

    // What the peer is known to hold of each chain, by the chain's number here: the seq after its last entry there.
    private readonly Dictionary<int, ulong> _known = [];

    // The vector that both sides last had in common.
    private SyncVector _base;

    private RangeStream? _answer;
    private bool _knowsPeer;
    private bool _isInvited;

    // The peer does not know that we belong to the database, which it does itself: our offers show it.
    private bool _isDenied;
    private bool _isWanting;
    private bool _hasGained;
    private bool _wantsFromTheStart;

    // Entries came that were not asked for.
    private bool _wasTold;

    // Nothing of an answer came since the last tick.
    private bool _isQuiet;
    private int _applyingCount;

    public DatabaseExchange(PeerSession session, SharedDatabase database, ByteWriter frame)
    {
        _session = session;
        _database = database;
        _frame = frame;
        _base = session.Node.BaseOf(session.Remote, database.Id);
        Learn(_base.Items);
    }

    /// <summary>The database, as it was followed when the exchange began.</summary>
    public SharedDatabase Database => _database;

    private bool MayRead => _isInvited || _database.IsMember(_session.Remote);

    // A node that joins knows no members yet: it believes what verifies from the genesis on.
    private bool MayWrite => MayRead || _database.Joining is not null;

    /// <summary>Says, as a hash, what is held.</summary>
    public void Offer()
    {
        // A stranger is not told that this node has the database, unless it holds the invitation that this node joins with.
        if (!MayWrite)
            return;

        JoinProof? proof = _database.Joining?.ProofFor(_session.Node.NodeKey, _session.Remote);
        using ByteWriter evidence = new();
        if (_isDenied && !MembershipEvidence.TryRead(_database.Log, _session.Node.NodeKey, SyncLimits.EvidenceLengthMax, evidence))
            evidence.Clear();
        _frame.Clear();
        FrameWriter.Offer(_frame, _database.Id, _database.Vector().Hash, _base.Hash, proof, evidence.Written);
        _session.Link.Send(_frame.Written);
    }

    /// <summary>Offers again. A question that nothing answered since the last tick is taken as lost.</summary>
    public void Tick()
    {
        if (_isQuiet && _applyingCount == 0 && _isWanting)
        {
            _isWanting = false;
            _asked.Clear();
        }

        _isQuiet = true;
        _told.Clear();
        Offer();
    }

    public void ReceiveOffer(Hash256 vector, Hash256 baseVector, JoinProof? proof, ReadOnlySpan<byte> evidence)
    {
        _isDenied = false;
        if (proof is { } shown)
        {
            _isInvited |= _database.Log.Access.IsInvited(shown.InvitationKey)
                && shown.Verify(_database.Id, _session.Remote, _session.Node.NodeKey);
        }

        if (!evidence.IsEmpty && !MayRead)
            _isInvited = MembershipEvidence.IsConvincing(_database.Log, _session.Remote, evidence);
        if (!MayRead)
        {
            // To a node that joins, a member it does not know yet offers what it joins; it answers with its own offer.
            if (_database.Joining is null)
                Deny(proof is null && evidence.IsEmpty ? DenyReason.UnknownDatabase : DenyReason.InvitationInvalid);
            return;
        }

        SyncVector mine = _database.Vector();
        if (mine.Hash == vector)
            Agree(mine);
        else if (_base.Hash == baseVector && !baseVector.IsZero)
            SendVector(baseVector, mine.Except(_base));
        else
            SendVector(default, mine.Items);
    }

    public void ReceiveDeny(DenyReason reason)
    {
        // A member that does not know us has lost what says so, with the end of its journal say, or does not have it yet.
        if (!_isDenied && _session.TakesEvidence && _database.IsMember(_session.Remote) && _database.Log.Access.EvidenceOf(_session.Node.NodeKey).Count > 0)
        {
            _isDenied = true;
            Offer();
            return;
        }

        _database.Joining?.Denied(reason);
    }

    public void ReceiveVector(Hash256 baseVector, ChainHead[] items)
    {
        if (!MayWrite)
            return;

        if (!baseVector.IsZero && baseVector != _base.Hash)
        {
            // The peer counts from another base than ours: an offer without one asks for the whole vector.
            _base = SyncVector.Empty;
            Offer();
            return;
        }

        _knowsPeer = true;
        _isDenied = false;
        Learn(items);
        _theirs.UnionWith(items);
        RequestMissing();
        Push();
    }

    public void ReceiveWant(EntryRange[] ranges)
    {
        if (!MayRead)
            return;

        _answer?.Dispose();
        _answer = new RangeStream(_database.Log, ranges);
        foreach (EntryRange range in ranges)
            Learn(range.Head);
        ContinueAnswer();
    }

    /// <summary>Takes entries, asked for or new. Owns the buffer.</summary>
    public void ReceiveEntries(RentedBuffer entries)
    {
        _isQuiet = false;
        if (!MayWrite)
        {
            entries.Dispose();
            return;
        }

        _wasTold |= !_isWanting;
        _applyingCount++;
        _session.Apply(_database, entries);
    }

    public void ReceiveDone()
    {
        _isQuiet = false;
        _isWanting = false;
        RequestMissing();
    }

    /// <summary>The commit thread is through with a batch of the peer's.</summary>
    public void Applied(in AppliedBatch batch)
    {
        _applyingCount--;
        _hasGained |= batch.AppendedCount > 0;
        // Once for each piece of news: what waits after an answer, too, would ask for that answer again, without end.
        if (batch.Waits && !_isWanting && _wasTold)
        {
            _wasTold = false;
            Offer();
        }

        RequestMissing();
    }

    /// <summary>Something became durable here, or the database is new: sends it, or offers where the peer was never told.</summary>
    public void News()
    {
        if (_knowsPeer)
            Push();
        else
            Offer();
    }

    // Sends what is held here and not there: at once if it is short, else its heads.
    private void Push()
    {
        if (!_knowsPeer || _answer is not null || !MayRead)
            return;

        List<EntryRange> news = _database.Beyond(_known);
        if (news.Count == 0)
            return;

        using var stream = new RangeStream(_database.Log, CollectionsMarshal.AsSpan(news));
        stream.TryTake(_session.Node.Sizes.PushLengthMax, out ReadOnlySpan<byte> entries);
        if (stream.IsAtEnd)
        {
            SendEntries(entries);
            foreach (EntryRange range in news)
                Learn(range.Head);
        }
        else
        {
            ChainHead[] untold =
                [.. news.ConvertAll(static range => new ChainHead(range.Author, range.To, range.Head)).FindAll(_told.Add)];
            if (untold.Length > 0)
                SendVector(default, untold);
        }
    }

    /// <summary>Goes on with the answer to a WANT as far as the send queue has room.</summary>
    public void ContinueAnswer()
    {
        while (_answer is not null && _session.Link.QueuedLength < SyncLimits.SendQueueLengthMax)
        {
            if (_answer.TryTake(_session.Node.Sizes.EntriesLengthTarget, out ReadOnlySpan<byte> entries))
            {
                SendEntries(entries);
                continue;
            }

            _answer.Dispose();
            _answer = null;
            _frame.Clear();
            FrameWriter.Done(_frame, _database.Id);
            _session.Link.Send(_frame.Written);
            Push();
        }
    }

    /// <summary>Gives back what a broken-off answer holds.</summary>
    public void Dispose() => _answer?.Dispose();

    private void Agree(SyncVector vector)
    {
        _knowsPeer = true;
        _base = vector;
        _session.Node.Remember(_session.Remote, _database.Id, vector);
        _theirs.Clear();
        _asked.Clear();
        Learn(vector.Items);
        _database.Joining?.Exchanged();
    }

    // Asks for what is missing, as much at a time as a frame names; what comes before its causes waits for the rest.
    private void RequestMissing()
    {
        if (_isWanting || _applyingCount > 0 || _theirs.Count == 0)
            return;

        List<EntryRange> missing = FindMissing();
        if (missing.Count == 0 && _asked.Count > 0)
        {
            EndRound();
            missing = FindMissing();
        }

        if (missing.Count == 0)
        {
            Learn([.. _theirs]);
            if (_theirs.Count > 0)
                _database.Joining?.Exchanged();
            _theirs.Clear();
            _wantsFromTheStart = false;
            return;
        }

        if (_asked.Count == 0)
            _hasGained = false;
        foreach (EntryRange range in missing)
            _asked.Add(new ChainHead(range.Author, range.To, range.Head));
        _isWanting = true;
        _frame.Clear();
        FrameWriter.Want(_frame, _database.Id, CollectionsMarshal.AsSpan(missing));
        _session.Link.Send(_frame.Written);
    }

    private List<EntryRange> FindMissing() =>
        _database.Missing(_theirs, _asked, _wantsFromTheStart, _session.Node.Sizes.ItemCountMax);

    // Everything was asked for once. If that brought nothing new, what is held of an author is another branch: whole chains are
    // asked for. If that brings nothing either, the peer cannot give what it named, and the next offer begins anew.
    private void EndRound()
    {
        _asked.Clear();
        if (!_hasGained && _wantsFromTheStart)
            _theirs.Clear();
        _wantsFromTheStart = !_hasGained && !_wantsFromTheStart;
    }

    private void Learn(ReadOnlySpan<ChainHead> heads)
    {
        foreach (ChainHead head in heads)
            Learn(head.Head);
    }

    // Nothing is learned from an id that is not held: the peer has something that we lack.
    private void Learn(EntryId head)
    {
        if (_database.Log.TryLocate(head, out int chain, out ulong seq))
            _known[chain] = Math.Max(_known.GetValueOrDefault(chain), seq + 1);
    }

    private void SendVector(Hash256 baseVector, ReadOnlySpan<ChainHead> items)
    {
        do
        {
            ReadOnlySpan<ChainHead> some = items[..Math.Min(items.Length, _session.Node.Sizes.ItemCountMax)];
            items = items[some.Length..];
            _frame.Clear();
            FrameWriter.Vector(_frame, _database.Id, baseVector, some);
            _session.Link.Send(_frame.Written);
        }
        while (!items.IsEmpty);
    }

    private void SendEntries(ReadOnlySpan<byte> entries)
    {
        if (entries.IsEmpty)
            return;

        _frame.Clear();
        FrameWriter.Entries(_frame, _database.Id, entries);
        _session.Link.Send(_frame.Written);
    }

    private void Deny(DenyReason reason)
    {
        _frame.Clear();
        FrameWriter.Deny(_frame, _database.Id, reason);
        _session.Link.Send(_frame.Written);
    }
}
