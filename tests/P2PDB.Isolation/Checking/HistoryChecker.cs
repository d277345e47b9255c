using P2PDB.Isolation.History;

namespace P2PDB.Isolation.Checking;

/// <summary>Searches a history for the phenomena, and says which of them the levels of their transactions rule out.</summary>
internal static class HistoryChecker
{
    /// <summary>Reads of one history that a circle is searched from: more of the same say nothing new.</summary>
    private const int SearchCountMax = 400;

    private const EdgeKind Dependencies = EdgeKind.Overwrites | EdgeKind.Reads;
    private const EdgeKind ItemEdges = Dependencies | EdgeKind.ReadBefore;
    private const EdgeKind AllEdges = ItemEdges | EdgeKind.Missed | EdgeKind.Follows;

    /// <summary>Checks a history.</summary>
    public static Findings Check(TransactionHistory history, LevelRules rules)
    {
        var findings = new Findings(rules);
        var order = new VersionOrder(history);
        var reads = new ReadCheck(order, rules, findings);
        var snapshots = new SnapshotCheck(order, findings);
        reads.CheckEnd(history);
        foreach (RecordedTransaction transaction in history.Transactions.Where(static one => one.IsCommitted))
        {
            int known = reads.Observations.Count;
            reads.Check(transaction);
            snapshots.Check(reads.Observations[known..]);
        }

        NameCircles(HistoryGraph.OfTransactions(history, order, rules, reads.Observations), findings);
        HistoryGraph parts = HistoryGraph.OfParts(history, order, rules, reads.Observations);
        if (parts.Edges.FindCircle(AllEdges) is { } broken)
            findings.Add(AnomalyKind.BrokenOrder, LevelsOf(parts, broken), Explain(parts, broken));
        return findings;
    }

    private static void NameCircles(HistoryGraph graph, Findings findings)
    {
        if (graph.Edges.FindCircle(EdgeKind.Overwrites) is { } dirty)
            findings.Add(AnomalyKind.DirtyWrite, LevelsOf(graph, dirty), Explain(graph, dirty));
        else if (graph.Edges.FindCircle(Dependencies) is { } circular)
            findings.Add(AnomalyKind.CircularFlow, LevelsOf(graph, circular), Explain(graph, circular));

        foreach (Edge edge in graph.Edges.EdgesOf(EdgeKind.ReadBefore | EdgeKind.Missed).Take(SearchCountMax))
        {
            bool isItem = edge.Kind == EdgeKind.ReadBefore;
            if (graph.Edges.FindPath(edge.To, edge.From, Dependencies) is { } single)
                Add(isItem ? AnomalyKind.ReadSkew : AnomalyKind.Phantom, single);
            else if (isItem && graph.Edges.FindPath(edge.To, edge.From, ItemEdges) is { } skew)
                Add(AnomalyKind.WriteSkew, skew);
            else if (!isItem && graph.Edges.FindPath(edge.To, edge.From, AllEdges) is { } phantom)
                Add(AnomalyKind.Phantom, phantom);

            void Add(AnomalyKind kind, List<Edge> path)
            {
                path.Insert(0, edge);
                findings.Add(kind, LevelsOf(graph, path), Explain(graph, path));
            }
        }
    }

    private static IEnumerable<IsolationLevel> LevelsOf(HistoryGraph graph, List<Edge> circle) =>
        circle.Select(edge => graph.OwnerOf(edge.From).Level);

    private static string Explain(HistoryGraph graph, List<Edge> circle) =>
        string.Join(' ', circle.Select(edge => $"{Findings.Name(graph.OwnerOf(edge.From))} {edge.Kind} ({edge.Cause}) →"));
}
