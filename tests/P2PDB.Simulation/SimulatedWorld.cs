using P2PDB.Engine.Apply;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Time;

namespace P2PDB.Simulation;

/// <summary>
/// Several replicas of one database that write, lose touch, receive entries late, twice and in any order, restart, and come
/// back from old copies of themselves. One seed is one run.
/// </summary>
internal sealed class SimulatedWorld : IDisposable
{
    private readonly Random _random;
    private readonly DatabaseId _database;
    private readonly List<SimulatedReplica> _replicas = [];
    private readonly List<SimulatedEntry> _entries = [];
    private readonly Workload _workload;
    private readonly BodyBuilder _body = new();
    private readonly Dictionary<SimulatedReplica, ReplicaBackup> _backups = [];
    private ulong _clock = 1_000;

    public SimulatedWorld(int seed, SimulationFaults? faults = null)
    {
        _random = new Random(seed);
        byte[] bytes = new byte[32];
        _random.NextBytes(bytes);
        _database = new DatabaseId(new Hash256(bytes));
        _workload = new Workload(_random, _database);
        int count = 2 + _random.Next(3);
        for (int i = 0; i < count; i++)
        {
            _random.NextBytes(bytes);
            _replicas.Add(new SimulatedReplica(_database, bytes, faults ?? SimulationFaults.None));
        }
    }

    public void Run(int stepCount)
    {
        for (int step = 0; step < stepCount; step++)
        {
            SimulatedReplica replica = _replicas[_random.Next(_replicas.Count)];
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
        foreach (SimulatedReplica replica in _replicas)
        {
            SimulatedEntry[] entries = [.. _entries];
            _random.Shuffle(entries);
            foreach (SimulatedEntry entry in entries)
                replica.Receive(entry);
            Assert.Equal(_entries.Count, replica.Held.Count);
        }
    }

    /// <summary>The laws: same entries, same state, and it is the state that the reference model computes.</summary>
    public void AssertConverged()
    {
        List<string> expected = new ReferenceModel(_database, _entries).Lines();
        Hash256? digest = null;
        foreach (SimulatedReplica replica in _replicas)
        {
            AssertSame(expected, EngineState.Lines(replica));
            EngineState.AssertDerived(replica);
            using StoreSnapshot snapshot = replica.Store.BeginRead();
            Hash256 own = StateDigest.Compute(snapshot, _database, replica.Chains);
            Assert.Equal(digest ??= own, own);
        }
    }

    /// <summary>A replica that holds a part of the entries has the state of that part.</summary>
    public void AssertPartsAgree()
    {
        foreach (SimulatedReplica replica in _replicas)
        {
            AssertSame(new ReferenceModel(_database, replica.Held).Lines(), EngineState.Lines(replica));
            EngineState.AssertDerived(replica);
        }
    }

    public void Dispose()
    {
        _replicas.ForEach(replica => replica.Dispose());
        _body.Dispose();
    }

    private static void AssertSame(List<string> expected, List<string> actual)
    {
        if (!expected.SequenceEqual(actual))
        {
            Assert.Fail("Model only:\n" + string.Join('\n', expected.Except(actual))
                + "\nEngine only:\n" + string.Join('\n', actual.Except(expected)));
        }
    }

    private void Write(SimulatedReplica replica)
    {
        if (_random.Next(3) == 0)
            _clock++;
        HlcTimestamp time = replica.NextTime(_clock);
        _workload.Fill(_body, replica, time);
        if (_body.OpCount > 0)
            _entries.Add(replica.Write(_body, time));
    }

    private void Deliver(SimulatedReplica replica, int count)
    {
        for (; count > 0 && _entries.Count > 0; count--)
        {
            // Mostly late news, now and then anything, known or not.
            int back = _random.Next(5) == 0 ? _entries.Count : Math.Min(_entries.Count, 8);
            replica.Receive(_entries[_entries.Count - 1 - _random.Next(back)]);
        }
    }
}
