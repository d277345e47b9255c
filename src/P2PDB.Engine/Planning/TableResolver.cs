using P2PDB.Engine.Catalog;
using P2PDB.Engine.Planning.Statistics;

namespace P2PDB.Engine.Planning;

/// <summary>Finds what a table name means: replicated tables of the snapshot's catalog, or tables that the node makes up.</summary>
internal abstract class TableResolver
{
    /// <summary>The table; error 1146 or 1049 where there is none. Exactly one of the two results is not null.</summary>
    public abstract void Resolve(string schema, string name, out TableSchema? table, out VirtualTable? virtualTable);

    /// <summary>Rows that a table may have, for choosing between plans.</summary>
    public abstract double EstimateRows(TableSchema table);

    /// <summary>What is known of a table's data.</summary>
    public abstract TableStatistics Statistics(TableSchema table);
}
