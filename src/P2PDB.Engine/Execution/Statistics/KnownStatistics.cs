using System.Collections.Concurrent;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Planning.Statistics;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Execution.Statistics;

/// <summary>
/// The node's table statistics: taken when a plan first asks for them, and again once the table has grown or shrunk by a fifth, or
/// when ANALYZE TABLE says so. Never stored and never replicated; safe for use by several sessions.
/// </summary>
internal sealed class KnownStatistics
{
    /// <summary>Samples of more tables than this are forgotten, all at once.</summary>
    private const int TableCountMax = 512;

    private const double GrowthMax = 1.2;

    private readonly ConcurrentDictionary<TreeId, Kept> _kept = new();

    private sealed record Kept(long Version, long Count, TableStatistics Statistics);

    /// <summary>The statistics of a table, which may be a little old.</summary>
    public TableStatistics Of(StoreSnapshot snapshot, TableSchema table)
    {
        long count = snapshot.EstimateCount(table.RowTree);
        if (_kept.TryGetValue(table.RowTree, out Kept? kept) && kept.Version == table.Version
            && count <= kept.Count * GrowthMax && kept.Count <= count * GrowthMax)
        {
            return kept.Statistics;
        }

        // Two sessions that come here at once both take a sample, which does no harm.
        TableStatistics statistics = TableSampler.Take(snapshot, table, count);
        if (_kept.Count >= TableCountMax)
            _kept.Clear();
        _kept[table.RowTree] = new Kept(table.Version, count, statistics);
        return statistics;
    }

    /// <summary>Takes the statistics anew.</summary>
    public void Renew(StoreSnapshot snapshot, TableSchema table)
    {
        _kept.TryRemove(table.RowTree, out _);
        Of(snapshot, table);
    }
}
