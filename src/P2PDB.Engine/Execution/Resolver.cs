using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Planning.Statistics;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution;

/// <summary>Finds the tables that a statement names, in the catalog as of now and among the made-up ones.</summary>
internal sealed class Resolver(StatementContext context) : TableResolver
{
    /// <inheritdoc/>
    public override void Resolve(string schema, string name, out TableSchema? table, out VirtualTable? virtualTable)
    {
        table = null;
        virtualTable = null;
        if (VirtualTables.IsSchema(schema))
        {
            virtualTable = context.Node.VirtualTables.Find(schema, name);
            if (virtualTable is not null)
                return;
            if (schema.Equals("information_schema", StringComparison.OrdinalIgnoreCase))
                throw new SqlException(new SqlError(1109, "42S02", $"Unknown table '{name.ToUpperInvariant()}' in information_schema"));
            throw SqlErrors.NoSuchTable(schema, name).ToException();
        }

        DatabaseSchema database = context.DatabaseOf(schema, out Hash256 _);
        table = database.FindTable(name) ?? throw SqlErrors.NoSuchTable(schema, name).ToException();
    }

    /// <inheritdoc/>
    public override double EstimateRows(TableSchema table) =>
        context.NewestView().Snapshot.EstimateCount(table.RowTree);

    /// <inheritdoc/>
    public override TableStatistics Statistics(TableSchema table) =>
        context.Node.Statistics.Of(context.NewestView().Snapshot, table);
}
