namespace P2PDB.Engine.Planning;

/// <summary>A table whose rows the node makes up when they are read. What reads it belongs to Execution.</summary>
internal abstract class VirtualTable(string schema, string name, RelationColumn[] columns)
{
    /// <summary>Schema it is found in.</summary>
    public string Schema { get; } = schema;

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Its columns in order.</summary>
    public RelationColumn[] Columns { get; } = columns;

    /// <summary>How many rows it may have, roughly.</summary>
    public virtual double RowEstimate => 100;
}
