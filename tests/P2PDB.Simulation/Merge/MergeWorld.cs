using P2PDB.Engine.Apply;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Time;
using P2PDB.Simulation.Model;

namespace P2PDB.Simulation.Merge;

/// <summary>
/// Several replicas of one database that write, lose touch, receive entries late, twice and in any order, restart, and come
/// back from old copies of themselves. One seed is one run.
/// </summary>
internal sealed class MergeWorld : IDisposable
{
    private readonly Random _random;
    private readonly DatabaseId _database;
    private readonly List<MergeReplica> _replicas = [];
    private readonly List<ModelEntry> _entries = [];
    private readonly MergeWorkload _workload;
    private readonly BodyBuilder _body = new();
    private readonly Dictionary<MergeReplica, ReplicaBackup> _backups = [];
    private ulong _clock = 1_000;

    public MergeWorld(int seed, WorldFaults? faults = null)
    {
        _random = new Random(seed);
        byte[] bytes = new byte[32];
        _random.NextBytes(bytes);
        _database = new DatabaseId(new Hash256(bytes));
        _workload = new MergeWorkload(_random, _database);
        int count = 2 + _random.Next(3);
        for (int i = 0; i < count; i++)
        {
            _random.NextBytes(bytes);
            _replicas.Add(new MergeReplica(_database, bytes, faults ?? WorldFaults.None));
        }
    }

    public void Run(int stepCount)
    {
        for (int step = 0; step < stepCount; step++)
        {
            MergeReplica replica = _replicas[_random.Next(_replicas.Count)];
            switch (_random.Next(100))
            {
                case < 40:
                    Write(replica);
                    break;
                case < 90:
                    Deliver(replica, 1 + _random.Next(4));
                    break;
                case < 94:
                    replica.Restart(_random);
                    break;
                case < 97:
                    _backups[replica] = replica.BackUp();
                    break;
                default:
                    if (_backups.Remove(replica, out ReplicaBackup? backup))
                        replica.Restore(backup, _random);
                    break;
            }

            if (step % 16 == 0)
                replica.AssertCausesHeld();
        }
    }

    /// <summary>Delivers everything to everybody, in another order to each.</summary>
    public void Heal()
    {
        foreach (MergeReplica replica in _replicas)
        {
            ModelEntry[] entries = [.. _entries];
            _random.Shuffle(entries);
            foreach (ModelEntry entry in entries)
                replica.Receive(entry);
            Assert.Equal(_entries.Count, replica.Held.Count);
        }
    }

    /// <summary>The laws: same entries, same state, and it is the state that the reference model computes.</summary>
    public void AssertConverged()
    {
        List<string> expected = new ReferenceModel(_database, _entries).Lines();
        Hash256? digest = null;
        foreach (MergeReplica replica in _replicas)
        {
            AssertIs(expected, replica);
            using StoreSnapshot snapshot = replica.Store.BeginRead();
            Hash256 own = StateDigest.Compute(snapshot, _database, replica.Chains);
            Assert.Equal(digest ??= own, own);
        }
    }

    /// <summary>A replica that holds a part of the entries has the state of that part.</summary>
    public void AssertPartsAgree()
    {
        foreach (MergeReplica replica in _replicas)
            AssertIs(new ReferenceModel(_database, replica.Held).Lines(), replica);
    }

    public void Dispose()
    {
        _replicas.ForEach(replica => replica.Dispose());
        _body.Dispose();
    }

    /// <summary>Rows and schemas are the model's, indexes hold what the rows ask for, and observers know the visible rows.</summary>
    private static void AssertIs(List<string> expected, MergeReplica replica)
    {
        using StoreSnapshot snapshot = replica.Store.BeginRead();
        EngineState.AssertIs(expected, EngineState.Lines(snapshot, replica.Schema, replica.Chains));
        EngineState.AssertIndexes(snapshot, replica.Schema);
        foreach (TableSchema table in replica.Schema?.Tables.ToArray() ?? [])
            Assert.Equal(EngineState.VisibleRows(snapshot, table), replica.Observed.RowsOf(table.Id));
    }

    private void Write(MergeReplica replica)
    {
        if (_random.Next(3) == 0)
            _clock++;
        HlcTimestamp time = replica.NextTime(_clock);
        _workload.Fill(_body, replica, time);
        if (_body.OpCount > 0)
            _entries.Add(replica.Write(_body, time));
    }

    private void Deliver(MergeReplica replica, int count)
    {
        for (; count > 0 && _entries.Count > 0; count--)
        {
            // Mostly late news, now and then anything, known or not.
            int back = _random.Next(5) == 0 ? _entries.Count : Math.Min(_entries.Count, 8);
            replica.Receive(_entries[_entries.Count - 1 - _random.Next(back)]);
        }
    }
}
