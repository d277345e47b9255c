using P2PDB.Engine.Apply;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Simulation.Model;

namespace P2PDB.Simulation.Nodes;

/// <summary>What holds of nodes at any time, and of all of them once they have met.</summary>
internal static class ClusterLaws
{
    /// <summary>A node that holds a part of the entries has the state of that part, and all causes of what it holds.</summary>
    public static void AssertState(SimulatedNode node)
    {
        if (node.Log is not { } log)
            return;
        List<ModelEntry> entries = EntriesOf(log);
        HashSet<EntryId> held = [.. entries.Select(entry => entry.Id)];
        foreach (ModelEntry entry in entries)
            Assert.True(Array.TrueForAll(entry.Causes, held.Contains), $"{node} holds {entry.Id} without all of its causes");
        AssertIs(new ReferenceModel(log.Id, entries.Where(entry => Counts(log, entry))).Lines(), node);
    }

    /// <summary>Same entries with the same standing, same digest, same rows as the model's, same answers.</summary>
    public static void AssertSame(IReadOnlyList<SimulatedNode> nodes)
    {
        DatabaseLog first = nodes[0].Log!;
        List<ModelEntry> entries = EntriesOf(first);
        List<string> held = Held(first);
        List<string> lines = new ReferenceModel(first.Id, entries.Where(entry => Counts(first, entry))).Lines();
        List<string> answers = Answers(nodes[0]);
        Hash256 digest = Digest(nodes[0]);
        AssertClassesDiffer(first);
        foreach (SimulatedNode node in nodes)
        {
            Assert.Equal(held, Held(node.Log!));
            AssertIs(lines, node);
            Assert.Equal(digest, Digest(node));
            Assert.Equal(answers, Answers(node));
        }
    }

    /// <summary>No two nodes generate keys of one class.</summary>
    private static void AssertClassesDiffer(DatabaseLog log)
    {
        AccessMember[] members = [.. log.Access.Members];
        foreach (AccessMember member in members)
        {
            ResidueClass active = member.Classes.Active;
            Assert.DoesNotContain(members, other => other.NodeKey != member.NodeKey && active.Contains(other.Classes.Active));
        }
    }

    private static void AssertIs(List<string> expected, SimulatedNode node)
    {
        using StoreSnapshot snapshot = node.Database!.Store.BeginRead();
        EngineState.AssertIs(expected, EngineState.Lines(snapshot, node.SchemaOf(snapshot), new LogChains(node.Log!)));
        EngineState.AssertIndexes(snapshot, node.SchemaOf(snapshot));
    }

    private static Hash256 Digest(SimulatedNode node)
    {
        using StoreSnapshot snapshot = node.Database!.Store.BeginRead();
        return StateDigest.Compute(snapshot, node.Log!.Id, new LogChains(node.Log!));
    }

    /// <summary>The rows of all tables as statements read them.</summary>
    private static List<string> Answers(SimulatedNode node)
    {
        List<string> answers = [];
        string[] tables;
        using (StoreSnapshot snapshot = node.Database!.Store.BeginRead())
        {
            tables = [.. (node.SchemaOf(snapshot)?.Tables ?? []).Where(table => table.Columns.Length > 0)
                .Select(table => table.Name).Order(StringComparer.Ordinal)];
        }

        foreach (string table in tables)
        {
            StatementSink sink = node.Sessions[0].Execute($"SELECT * FROM `{table}`");
            Assert.True(sink.Error is null, $"{node} cannot read {table}: {sink.Error?.Message}");
            answers.AddRange(sink.Texts.Order(StringComparer.Ordinal).Select(row => $"{table}: {row}"));
        }

        return answers;
    }

    /// <summary>Void entries are left to the model's own judgement.</summary>
    private static bool Counts(DatabaseLog log, ModelEntry entry) =>
        log.TryFind(entry.Id, out EntryPosition position)
        && log.StandingOf(position) is EntryStanding.Effective or EntryStanding.Void;

    private static List<string> Held(DatabaseLog log) => [.. from position in log.InTotalOrder()
                                                             select $"{log.IdOf(position)} {log.StandingOf(position)}"];

    private static List<ModelEntry> EntriesOf(DatabaseLog log)
    {
        List<ModelEntry> entries = [];
        using ByteWriter bytes = new();
        foreach (EntryPosition position in log.InTotalOrder())
        {
            bytes.Clear();
            log.ReadEntry(position, bytes);
            entries.Add(new ModelEntry(bytes.Written.ToArray()));
        }

        return entries;
    }
}
