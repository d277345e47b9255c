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
    public override NamedSource Resolve(string schema, string name)
    {
        if (VirtualTables.IsSchema(schema))
        {
            if (context.Node.VirtualTables.Find(schema, name) is { } made)
                return new NamedSource(Virtual: made);
            if (schema.Equals("information_schema", StringComparison.OrdinalIgnoreCase))
                throw new SqlException(new SqlError(1109, "42S02", $"Unknown table '{name.ToUpperInvariant()}' in information_schema"));
            throw SqlErrors.NoSuchTable(schema, name).ToException();
        }

        DatabaseSchema database = context.DatabaseOf(schema, out Hash256 _);
        if (database.FindTable(name) is { } table)
            return new NamedSource(Table: table);
        return database.FindView(name) is { } view
            ? new NamedSource(View: view)
            : throw SqlErrors.NoSuchTable(schema, name).ToException();
    }

    /// <inheritdoc/>
    public override double EstimateRows(TableSchema table) =>
        context.NewestView().Snapshot.EstimateCount(table.RowTree);

    /// <inheritdoc/>
    public override TableStatistics Statistics(TableSchema table) =>
        context.Node.Statistics.Of(context.NewestView().Snapshot, table);
}
