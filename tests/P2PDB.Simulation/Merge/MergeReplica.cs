using P2PDB.Engine.Apply;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Memory;
using P2PDB.Engine.Storage.Scratch;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;
using P2PDB.Primitives.Time;
using P2PDB.Simulation.Model;

namespace P2PDB.Simulation.Merge;

/// <summary>
/// One node in miniature: the entries it holds, those that wait for their causes, and the real applier over the real memory
/// store.
/// </summary>
internal sealed class MergeReplica : IDisposable
{
    private readonly WorldFaults _faults;
    private readonly SigningKey _key;
    private readonly ChainTip _tip = new();
    private readonly EntryBuilder _entryBuilder = new();
    private readonly List<ModelEntry> _waiting = [];
    private Dictionary<EntryId, ModelEntry> _held = [];
    private HashSet<EntryId> _heads = [];
    private ulong _latest;
    private Applier _applier;
    private long _commitNumber;

    public MergeReplica(DatabaseId database, byte[] keySeed, WorldFaults faults)
    {
        Database = database;
        _faults = faults;
        _key = SigningKey.FromSeed(keySeed);
        _applier = Start();
    }

    public DatabaseId Database { get; }

    public PublicKey Author => _key.PublicKey;

    public MemoryStore Store { get; private set; } = new();

    public MergeChains Chains { get; private set; } = new();

    public ObservedRows Observed { get; private set; } = new();

    public IReadOnlyCollection<ModelEntry> Held => _held.Values;

    /// <summary>Entries that were void.</summary>
    public HashSet<EntryId> Void { get; } = [];

    public DatabaseSchema? Schema => _applier.Schema.Find(Database.Hash);

    public bool Holds(ModelEntry entry) => _held.ContainsKey(entry.Id);

    /// <summary>A hybrid time later than everything seen; coarse clocks make equal times of different authors common.</summary>
    public HlcTimestamp NextTime(ulong clock) => new(Math.Max(clock, _latest + 1));

    /// <summary>Writes one entry over everything held, applies it and returns it.</summary>
    public ModelEntry Write(BodyBuilder body, HlcTimestamp time)
    {
        List<EntryId> parents = [.. _heads.Where(head => head != _tip.Last).Order()];
        using ByteWriter target = new();
        _entryBuilder.Build(target, Database, _key, _tip, time, parents.ToArray(), EntryFlags.None, body);
        ModelEntry entry = new(target.Written.ToArray());
        Take(entry);
        return entry;
    }

    /// <summary>Receives an entry: known ones change nothing, ones whose causes are missing wait.</summary>
    public void Receive(ModelEntry entry)
    {
        if (Holds(entry) || _waiting.Contains(entry))
            return;
        if (!_faults.IsParentCheckOff && !entry.Causes.All(_held.ContainsKey))
        {
            _waiting.Add(entry);
            return;
        }

        Take(entry);
        while (_waiting.Find(waiting => waiting.Causes.All(_held.ContainsKey)) is { } ready)
        {
            _waiting.Remove(ready);
            Take(ready);
        }
    }

    /// <summary>Loses all that is in memory, and replays the held entries in another order that respects causes.</summary>
    public void Restart(Random random)
    {
        List<ModelEntry> entries = [.. _held.Values];
        ChainTip tip = new();
        tip.CopyFrom(_tip);
        Reset();
        Replay(entries, random);
        _tip.CopyFrom(tip);
    }

    /// <summary>What a copy of the data directory would hold.</summary>
    public ReplicaBackup BackUp()
    {
        ChainTip tip = new();
        tip.CopyFrom(_tip);
        return new ReplicaBackup([.. _held.Values], tip);
    }

    /// <summary>Starts again from an old copy, and goes on under the same key: what it writes next is a fork.</summary>
    public void Restore(ReplicaBackup backup, Random random)
    {
        Reset();
        Replay([.. backup.Entries], random);
        _tip.CopyFrom(backup.Tip);
    }

    /// <summary>The law of causes: what is applied has all its causes applied.</summary>
    public void AssertCausesHeld() =>
        Assert.All(_held.Values, entry => Assert.All(entry.Causes, cause => Assert.Contains(cause, _held.Keys)));

    public void Dispose()
    {
        _applier.Dispose();
        _entryBuilder.Dispose();
        _key.Dispose();
        Store.Dispose();
    }

    private void Replay(List<ModelEntry> entries, Random random)
    {
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(entries));
        foreach (ModelEntry entry in entries)
            Receive(entry);
    }

    private void Reset()
    {
        _applier.Dispose();
        Store = new MemoryStore();
        Chains = new MergeChains();
        Observed = new ObservedRows();
        _held = [];
        _heads = [];
        _waiting.Clear();
        _applier = Start();
    }

    private Applier Start()
    {
        Applier applier = new(new ScratchSpace(new MemoryVolume(new Random(0))), _faults.Merge);
        applier.Open(Database, Chains);
        return applier;
    }

    private void Take(ModelEntry entry)
    {
        _held.Add(entry.Id, entry);
        _heads.ExceptWith(entry.Causes);
        _heads.Add(entry.Id);
        _latest = Math.Max(_latest, entry.Hlc.Value);
        EntryOrigin origin = new(Chains.Add(entry), entry.Hlc, entry.Author, entry.Id);
        using StoreWriter writer = Store.BeginWrite();
        _applier.Begin(writer, ++_commitNumber, Observed);
        if (_applier.Apply(Database, origin, entry.Body) == ApplyStatus.Void)
            Void.Add(entry.Id);
        _applier.Publish();
    }
}
