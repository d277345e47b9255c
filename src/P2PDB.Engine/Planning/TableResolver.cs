using P2PDB.Engine.Catalog;
using P2PDB.Engine.Planning.Statistics;

namespace P2PDB.Engine.Planning;

/// <summary>Finds what a table name means: replicated tables and views of the snapshot's catalog, or tables that the node makes up.</summary>
internal abstract class TableResolver
{
    /// <summary>What the name means; error 1146 or 1049 where it means nothing.</summary>
    public abstract NamedSource Resolve(string schema, string name);

    /// <summary>Rows that a table may have, for choosing between plans.</summary>
    public abstract double EstimateRows(TableSchema table);

    /// <summary>What is known of a table's data.</summary>
    public abstract TableStatistics Statistics(TableSchema table);
}
