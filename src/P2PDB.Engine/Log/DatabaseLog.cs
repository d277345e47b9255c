using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Log;

// The log of one database: a gap-free chain for each author (and branch, where an author wrote two entries of one seq), joined
// into a DAG by parents. The commit thread alone changes it; peers' readers look on under the gate.
//
// An entry offered from outside goes through these steps, and the first that fails decides:
//   header → database → known? → body root → previous and parents held? (else it waits) → link, time → not far ahead of the
//   clock (else it waits) → authentic → its author is let in, claims an invite, or is reached by one who is (else it waits).
// Authentic means: its own signature verifies, or a later entry of its chain, offered with it, does. Waiting entries have
// verified signatures, so that nobody can fill the room of another.
//
// INVARIANT: what is held is closed under previous and parents; every held entry's link was checked against its chain.

/// <summary>Chains, heads, access and parked entries of one database.</summary>
internal sealed class DatabaseLog : StampOrder, IDisposable
{
    /// <summary>How far an entry may be ahead of this node's clock before it waits.</summary>
    public static readonly TimeSpan AheadMax = TimeSpan.FromMinutes(5);

    /// <summary>Branches of one author before further ones wait: each costs memory, and one is proof enough.</summary>
    public const int BranchCountMax = 64;

    /// <summary>Entries held of an author who claimed an invite and was not admitted yet.</summary>
    public const int ClaimantEntryCountMax = 16;

    private readonly Lock _gate = new();
    private readonly ChainSet _chains = new();
    private readonly EntryPositions _positions;
    private readonly HashSet<EntryId> _heads = [];
    private readonly EntryAccess _access;
    private readonly ParkedEntries _parked = new();
    private readonly Queue<ParkedEntry> _released = new();
    private readonly EntryStore _store;
    private readonly TimeProvider _timeProvider;
    private readonly LogFaults _faults;
    private readonly HashSet<EntryPosition> _void = [];

    /// <summary>Creates the log of a database of which nothing is held yet.</summary>
    public DatabaseLog(DatabaseId id, TimeProvider timeProvider, HistoryFiles? history = null, LogFaults? faults = null)
    {
        Id = id;
        _timeProvider = timeProvider;
        _positions = new EntryPositions(_chains);
        _store = new EntryStore(history);
        _faults = faults ?? LogFaults.None;
        _access = new EntryAccess(id);
        Published = new PublishedEntries(_chains, _positions, _heads, _store, _gate);
        Held = new HeldEntries(_chains, _positions, _heads, _void, _store, _gate);
        if (history is null)
            return;
        Indexing = new HistoryIndexing(history, _chains, _heads, _access, _gate);
        Indexed = new IndexedEntries(history, _chains, _positions, _heads, _access, Published, _gate);
    }

    /// <summary>The database.</summary>
    public DatabaseId Id { get; }

    /// <summary>What is durable: all that peers may see.</summary>
    public PublishedEntries Published { get; }

    /// <summary>All that is held, to be looked through.</summary>
    public HeldEntries Held { get; }

    /// <summary>Writes indexes of history files; null where there are none.</summary>
    public HistoryIndexing? Indexing { get; }

    /// <summary>Takes entries by the indexes of history files; null where there are none.</summary>
    public IndexedEntries? Indexed { get; }

    /// <summary>The author key this node writes with; entries of it that come from outside are reported. Zero: none.</summary>
    public AuthorKey OwnAuthor { get; set; }

    /// <summary>This node's key; zero where nobody writes.</summary>
    public PublicKey OwnNode { get; init; }

    /// <summary>
    /// What this node is in the database, null where it was not let in: a fresh author stands in for the ones before it, and brings
    /// its certificate with its first entry.
    /// </summary>
    public AccessMember? OwnMember
    {
        get
        {
            AccessState access = Access;
            return access.Find(OwnAuthor) ?? access.FindNode(OwnNode);
        }
    }

    /// <summary>Where the journal stood when the database was followed; what it has of the database before does not count.</summary>
    public long FollowedAt { get; init; }

    /// <summary>What the rows have of the log that the node starts with: entries beyond it are still to be applied. Null: all are.</summary>
    public LogMark? Mark { get; private set; }

    /// <summary>Entries held.</summary>
    public int EntryCount => _positions.Count;

    /// <summary>Bytes of entries that history does not hold yet.</summary>
    public long TailLength => _store.TailLength;

    /// <summary>Entries that wait.</summary>
    public int ParkedCount => _parked.Count;

    /// <summary>Bytes of entries that wait.</summary>
    public int ParkedLength => _parked.Length;

    /// <summary>True when an entry, or a peer's, needs a newer version of this program.</summary>
    public bool NeedsNewerVersion => _access.NeedsNewerVersion;

    /// <summary>Two entries of one author and seq, as they were found.</summary>
    public List<Fork> Forks => _chains.Forks;

    /// <summary>A copy of <see cref="Forks"/>. Any thread may ask.</summary>
    public List<Fork> GetForks()
    {
        lock (_gate)
            return [.. _chains.Forks];
    }

    /// <summary>All access operations held, as one set: who may write as far as this node knows.</summary>
    public AccessState Access => _access.All.State;

    /// <summary>Who might write if these operations of entries that are not held were held as well. Any thread may ask.</summary>
    public AccessState AccessWith(List<AccessOp> others)
    {
        lock (_gate)
            return _access.All.StateWith(others);
    }

    /// <summary>Chains and branches.</summary>
    public int ChainCount => _chains.Count;

    /// <summary>Time of the latest entry held.</summary>
    public HlcTimestamp LatestHlc => _chains.LatestHlc;

    /// <summary>The author of a chain. Any thread may ask.</summary>
    public AuthorKey AuthorOf(int chain)
    {
        lock (_gate)
            return _chains[chain].Author;
    }

    /// <summary>The id of the entry of a chain that has exactly this time. Any thread may ask.</summary>
    public EntryId EntryAt(int chain, HlcTimestamp hlc)
    {
        lock (_gate)
        {
            Chain entries = _chains[chain];
            return entries[entries.IndexOf(hlc)].Id;
        }
    }

    /// <summary>The chain of a number.</summary>
    public Chain ChainAt(int number) => _chains[number];

    /// <summary>True when the entry is held.</summary>
    public bool Contains(in EntryId id)
    {
        lock (_gate)
        {
            return _positions.Contains(id);
        }
    }

    /// <summary>Finds a held entry.</summary>
    public bool TryFind(in EntryId id, out EntryPosition position)
    {
        lock (_gate)
        {
            return _positions.TryGetValue(id, out position);
        }
    }

    /// <summary>The first branch of an author, or null.</summary>
    public Chain? FindChain(in AuthorKey author) => _chains.Find(author);

    /// <summary>Access as the author's next entry will see it: its causal past will hold all heads.</summary>
    public bool MayWrite(in AuthorKey author) => _access.All.State.IsAdmitted(author);

    /// <summary>
    /// The held entries that no held entry builds on, but for the author's own last one and those that wait for a newer version:
    /// the parents of the author's next entry, ascending.
    /// </summary>
    public void GetNewHeads(in EntryId ownTip, List<EntryId> target)
    {
        target.Clear();
        foreach (EntryId head in _heads)
        {
            if (head != ownTip && StandingOf(_positions[head]) != EntryStanding.Parked)
                target.Add(head);
        }

        target.Sort();
    }

    /// <summary>
    /// Offers entries that lie back to back. What can be held is, and what waited for it; the caller makes
    /// <see cref="AppendBatch.Bytes"/> durable before anything is published.
    /// </summary>
    public void Append(ReadOnlySpan<byte> entries, AppendBatch batch)
    {
        lock (_gate)
        {
            foreach ((int offset, int length, EntryId id, bool isAuthentic, bool isVerified) in OfferedEntry.Find(entries, _positions))
            {
                ReadOnlySpan<byte> bytes = entries.Slice(offset, length);
                EntryStatus read = EntryReader.TryRead(bytes, out EntryReader entry);
                AppendStatus status = read != EntryStatus.Valid
                    ? StatusOf(read)
                    : Offer(entry, id, isAuthentic, isVerified, isTrusted: false, batch);
                batch.Statuses.Add(status);
                Drain(batch);
            }
        }
    }

    /// <summary>Tries the entries again that were ahead of the clock.</summary>
    public void RetryDelayed(AppendBatch batch)
    {
        lock (_gate)
        {
            _parked.TakeAll(AppendStatus.Delayed, _released);
            Drain(batch);
        }
    }

    /// <summary>Takes one entry that this node built or kept: its hashes and signature are its own work.</summary>
    public AppendStatus AppendTrusted(in EntryReader entry, in EntryId id, bool isSignatureVerified, AppendBatch batch)
    {
        lock (_gate)
        {
            return Offer(entry, id, isAuthentic: true, isSignatureVerified, isTrusted: true, batch);
        }
    }

    /// <summary>
    /// Takes one entry whose bytes stay where they are; <paramref name="isTrusted"/> leaves out the check of its history root.
    /// </summary>
    public AppendStatus Load(
        in EntryReader entry, in EntryId id, in EntryPlace place, bool isTrusted, bool isSignatureVerified)
    {
        lock (_gate)
        {
            if (_positions.Contains(id))
                return AppendStatus.AlreadyKnown;
            AppendStatus links = Link(entry, isTrusted, out Chain? previous, out int previousIndex, out _);
            if (links == AppendStatus.Appended)
                Hold(entry, id, previous, previousIndex, isSignatureVerified, place);
            return links;
        }
    }

    /// <summary>Puts the signature into an entry that the journal had without one.</summary>
    public void Sign(EntryPosition position, ReadOnlySpan<byte> signature)
    {
        lock (_gate)
            _store.Sign(_chains[position].Place, signature);
    }

    /// <summary>
    /// Takes entries that this node built and wrote to a history file of their own, one after the other; <paramref name="target"/> gets
    /// their positions.
    /// </summary>
    public void TakeAddition(ReadOnlySpan<EntryId> ids, ReadOnlySpan<EntryPlace> places, List<EntryPosition> target)
    {
        for (int i = 0; i < ids.Length; i++)
        {
            lock (_gate)
            {
                EntryReader.TryRead(_store.Read(places[i]), out EntryReader entry);
                AppendStatus status = Load(entry, ids[i], places[i], isTrusted: true, isSignatureVerified: true);
                if (status != AppendStatus.Appended)
                    throw new InvalidOperationException($"An entry of this node does not follow its own log: {status}.");
                target.Add(_positions[ids[i]]);
            }
        }

        Indexing!.Write(places[0].File);
    }

    /// <summary>Says that the body does not fit the schema: the entry stays without effect.</summary>
    public void SetVoid(EntryPosition position)
    {
        lock (_gate)
            _void.Add(position);
    }

    /// <summary>What the log holds now.</summary>
    public LogMark TakeMark()
    {
        lock (_gate)
            return new LogMark(FollowedAt, _chains.GetMarks(), [.. _void], _access.MetUnknown ? OpKinds.Known : []);
    }

    /// <summary>Before anything is held: chains get their numbers from a mark of an earlier run.</summary>
    public void BeginAt(LogMark mark)
    {
        Mark = mark;
        _chains.Reserve(mark.Chains);
    }

    /// <summary>Once all is read that the files hold: false where that is less than the mark says that it began with.</summary>
    public bool TryMeetMark()
    {
        if (Mark is null)
            return true;
        if (!Mark.IsMetBy(_chains))
            return false;
        foreach (EntryPosition position in Mark.Void)
            SetVoid(position);
        return true;
    }

    /// <summary>The id of a held entry.</summary>
    public EntryId IdOf(EntryPosition position) => _chains[position].Id;

    /// <summary>What an entry counts for.</summary>
    public EntryStanding StandingOf(EntryPosition position)
    {
        lock (_gate)
            return _void.Contains(position) ? EntryStanding.Void : _chains[position].Standing;
    }

    /// <summary>Ids that parked entries wait for.</summary>
    public List<EntryId> GetMissing()
    {
        lock (_gate)
        {
            return _parked.Missing();
        }
    }

    /// <summary>Finds a held entry's chain and seq.</summary>
    public bool TryLocate(in EntryId id, out int chain, out ulong seq)
    {
        lock (_gate)
        {
            bool isHeld = _positions.TryGetValue(id, out EntryPosition position);
            chain = position.Chain;
            seq = isHeld ? _chains[position.Chain].FirstSeq + (ulong)position.Index : 0;
            return isHeld;
        }
    }

    /// <summary>Copies one entry's bytes.</summary>
    public void ReadEntry(EntryPosition position, ByteWriter target)
    {
        lock (_gate)
        {
            target.Write(_store.Read(_chains[position].Place));
        }
    }

    /// <inheritdoc cref="EntryStore.WriteHistory"/>
    public bool WriteHistory() => _store.WriteHistory(_chains, Indexing, _gate);

    /// <inheritdoc cref="EntryStore.BeginAddition"/>
    public HistoryAddition BeginAddition() => _store.BeginAddition();

    /// <summary>All entries in the one total order.</summary>
    public IEnumerable<EntryPosition> InTotalOrder() => _chains.InTotalOrder(null);

    /// <summary>The entries that <see cref="Mark"/> does not cover, in the one total order.</summary>
    public IEnumerable<EntryPosition> BeyondMark() => _chains.InTotalOrder(Mark);

    /// <summary>
    /// The entries of the transaction that this entry completes: itself, or its parts in order; none when parts are to come or
    /// the entry has no operations.
    /// </summary>
    public void GetCompleted(EntryPosition position, List<EntryPosition> target) => _chains.GetCompleted(position, target);

    /// <summary>True when the author's chain ends in parts whose last part is not there.</summary>
    public bool HasOpenParts(in AuthorKey author) => _chains.HasOpenParts(author);

    /// <summary>Returns the memory to the pool and closes the history files.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            Held.Close();
            _access.Dispose();
            _store.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override int CompareChains(in Stamp left, in Stamp right)
    {
        int order = AuthorOf(left.Chain).CompareTo(AuthorOf(right.Chain));
        return order != 0 ? order : EntryAt(left.Chain, left.Hlc).CompareTo(EntryAt(right.Chain, right.Hlc));
    }

    private static AppendStatus StatusOf(EntryStatus status) =>
        status == EntryStatus.VersionUnknown ? AppendStatus.VersionUnknown : AppendStatus.Malformed;

    private AppendStatus Offer(
        in EntryReader entry, in EntryId id, bool isAuthentic, bool isVerified, bool isTrusted, AppendBatch batch)
    {
        if (entry.IsGenesis ? id.Hash != Id.Hash : entry.Database != Id)
            return AppendStatus.DatabaseWrong;
        if (_positions.Contains(id))
            return AppendStatus.AlreadyKnown;
        if (!isAuthentic)
            return AppendStatus.SignatureInvalid;
        if (!isTrusted && EntryVerifier.VerifyBody(entry) != EntryStatus.Valid)
            return AppendStatus.Malformed;

        AppendStatus status = Link(entry, isTrusted, out Chain? previous, out int previousIndex, out EntryId missing);
        if (status == AppendStatus.Appended && !isTrusted)
            status = Judge(entry, id, previous);
        if (status is AppendStatus.ParentMissing or AppendStatus.Delayed or AppendStatus.AuthorUnknown)
            return Park(entry, id, missing, status);
        if (status != AppendStatus.Appended)
            return status;

        EntryPosition position = Hold(entry, id, previous, previousIndex, isVerified, _store.Append(entry.Bytes));
        batch.Appended.Add(position);
        batch.Bytes.Write(entry.Bytes);
        batch.HasOwnEntries |= !isTrusted && !OwnAuthor.IsZero && entry.Author == OwnAuthor;
        _parked.TakeWaiting(id, _released);
        return AppendStatus.Appended;
    }

    /// <summary>Checks what the entry builds on: held, and linked as it says.</summary>
    private AppendStatus Link(
        in EntryReader entry, bool isTrusted, out Chain? previous, out int previousIndex, out EntryId missing)
    {
        previous = null;
        previousIndex = -1;
        missing = default;
        if (entry.Seq > 0)
        {
            missing = entry.Previous;
            if (!_positions.TryGetValue(entry.Previous, out EntryPosition position))
                return AppendStatus.ParentMissing;
            previous = _chains[position.Chain];
            previousIndex = position.Index;
        }
        else if (!entry.IsGenesis && _positions.Count == 0)
        {
            missing = new EntryId(Id.Hash);
            return AppendStatus.ParentMissing;
        }

        HlcTimestamp latest = previous is null ? default : previous[previousIndex].Hlc;
        for (int i = 0; i < entry.ParentCount; i++)
        {
            missing = entry.ParentAt(i);
            if (!_positions.TryGetValue(missing, out EntryPosition parent))
            {
                if (_faults.IsParentCheckOff)
                    continue;
                return AppendStatus.ParentMissing;
            }

            HlcTimestamp hlc = _chains[parent].Hlc;
            latest = hlc > latest ? hlc : latest;
        }

        missing = default;
        if (entry.Hlc <= latest)
            return AppendStatus.Malformed;
        if (previous is null)
            return AppendStatus.Appended;
        if (previous.Author != entry.Author || entry.Seq != previous.FirstSeq + (ulong)previousIndex + 1)
            return AppendStatus.Malformed;
        if (isTrusted)
            return AppendStatus.Appended;

        bool continues = previousIndex == previous.Count - 1;
        ChainTip tip = continues ? previous.Tip : ChainSet.RebuildTip(previous, previousIndex);
        return entry.HistoryRoot == tip.HistoryRoot ? AppendStatus.Appended : AppendStatus.Malformed;
    }

    /// <summary>Decides whether an authentic, linked entry is held now.</summary>
    private AppendStatus Judge(in EntryReader entry, in EntryId id, Chain? previous)
    {
        long limit = (_timeProvider.GetUtcNow() + AheadMax).ToUnixTimeMilliseconds();
        if (entry.Hlc.Milliseconds > (ulong)Math.Max(limit, 0))
            return AppendStatus.Delayed;
        AuthorKey author = entry.Author;
        if (_chains.BranchCountOf(author) >= BranchCountMax
            && (previous is null || entry.Previous != previous.Tip.Last))
        {
            return AppendStatus.NoRoom;
        }

        if (entry.IsGenesis || _access.All.State.IsAdmitted(author) || _parked.IsWanted(id))
            return AppendStatus.Appended;
        if (previous is not null)
            return entry.Seq < ClaimantEntryCountMax ? AppendStatus.Appended : AppendStatus.AuthorUnknown;
        return _access.VouchesForItself(entry) ? AppendStatus.Appended : AppendStatus.AuthorUnknown;
    }

    private AppendStatus Park(in EntryReader entry, in EntryId id, in EntryId missing, AppendStatus status)
    {
        if (_parked.Contains(id))
            return status;
        // What someone who was let in builds on is held, whoever wrote it.
        AuthorKey author = entry.Author;
        if (status == AppendStatus.ParentMissing && (_access.All.State.IsAdmitted(author) || _parked.IsWanted(id)))
        {
            if (entry.Seq > 0)
                WantMissing(entry.Previous);
            for (int i = 0; i < entry.ParentCount; i++)
                WantMissing(entry.ParentAt(i));
        }

        return _parked.TryPark(id, entry.Bytes, missing, status) ? status : AppendStatus.NoRoom;
    }

    private void WantMissing(in EntryId id)
    {
        if (_positions.Contains(id))
            return;
        _parked.Want(id);
        _parked.Take(id, _released);
    }

    /// <summary>Offers what waited for the entries just held, until nothing moves any more.</summary>
    private void Drain(AppendBatch batch)
    {
        while (_released.TryDequeue(out ParkedEntry? parked))
        {
            if (EntryReader.TryRead(parked.Bytes, out EntryReader entry) == EntryStatus.Valid)
                Offer(entry, parked.Id, isAuthentic: true, isVerified: true, isTrusted: false, batch);
        }
    }

    private EntryPosition Hold(
        in EntryReader entry, in EntryId id, Chain? previous, int previousIndex, bool isVerified, in EntryPlace place)
    {
        AccessSet access = previous is null ? _access.None : previous.AccessAt(previousIndex);
        bool isParked = previous is not null && previous[previousIndex].Standing == EntryStanding.Parked;
        for (int i = 0; i < entry.ParentCount; i++)
        {
            if (!_positions.TryGetValue(entry.ParentAt(i), out EntryPosition parent))
                continue; // Only where the check for it is off.
            access = access.Union(_chains[parent.Chain].AccessAt(parent.Index));
            isParked |= StandingOf(parent) == EntryStanding.Parked;
            _heads.Remove(entry.ParentAt(i));
        }

        EntryStanding standing = isParked ? EntryStanding.Parked : _access.Inspect(entry, id, ref access);
        Chain chain = _chains.ChainFor(entry, id, previous, previousIndex, access);
        Published.NoteHeld(chain);
        chain.Add(
            new ChainEntry
            {
                Id = id,
                Hlc = entry.Hlc,
                Place = place,
                Flags = entry.Flags,
                Standing = standing,
                IsSignatureVerified = isVerified,
            },
            access);
        var position = new EntryPosition(chain.Number, chain.Count - 1);
        _positions.Add(id, position);
        _heads.Remove(entry.Previous);
        _heads.Add(id);
        // Who was a stranger may have an invite now.
        if (_access.Add(access))
            _parked.TakeAll(AppendStatus.AuthorUnknown, _released);
        return position;
    }
}
