using System.Collections.Concurrent;
using P2PDB.Engine.Execution.Access;
using P2PDB.Engine.Execution.Accounts;

namespace P2PDB.Engine.Execution.Virtual;

/// <summary>
/// The schemas and tables that the node makes up: the one place to add such a table. Each area has a file that registers
/// its own; parts outside of the engine (peers) add theirs when they start.
/// </summary>
internal sealed class VirtualTables
{
    private readonly ConcurrentDictionary<(string Schema, string Name), ReadableTable> _tables = new();

    /// <summary>Registers the engine's own tables.</summary>
    public VirtualTables()
    {
        InformationSchema.Register(this);
        InformationSchemaConstraints.Register(this);
        InformationSchemaExtensions.Register(this);
        InformationSchemaEmpty.Register(this);
        AccountTables.Register(this);
        NodeSchemaTables.Register(this);
    }

    /// <summary>The schemas that every node shows besides its databases.</summary>
    public static IReadOnlyList<string> Schemas { get; } = ["information_schema", "mysql", "performance_schema", "sys", "p2pdb"];

    /// <summary>All tables.</summary>
    public ICollection<ReadableTable> All => _tables.Values;

    /// <summary>The made-up schemas that a session may see.</summary>
    public static List<string> SchemasFor(StatementContext context)
    {
        List<string> seen = [];
        foreach (string schema in Schemas)
        {
            if (StatementNeeds.IsOpen(schema) || context.Session.Rights.Sees(schema))
                seen.Add(schema);
        }

        return seen;
    }

    /// <summary>The tables that a session may see.</summary>
    public List<ReadableTable> VisibleTo(StatementContext context)
    {
        List<ReadableTable> seen = [];
        foreach (ReadableTable table in _tables.Values)
        {
            if (StatementNeeds.IsOpen(table.Schema) || context.Session.Rights.SeesTable(table.Schema, table.Name))
                seen.Add(table);
        }

        return seen;
    }

    /// <summary>Adds or replaces a table.</summary>
    public void Add(ReadableTable table) => _tables[(table.Schema.ToUpperInvariant(), table.Name.ToUpperInvariant())] = table;

    /// <summary>True for a schema that the node makes up.</summary>
    public static bool IsSchema(string name)
    {
        foreach (string schema in Schemas)
        {
            if (schema.Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>The table of a name, or null.</summary>
    public ReadableTable? Find(string schema, string name) =>
        _tables.GetValueOrDefault((schema.ToUpperInvariant(), name.ToUpperInvariant()));
}
