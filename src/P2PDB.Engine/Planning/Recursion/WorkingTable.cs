using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning.Recursion;

/// <summary>
/// The rows that the last step of a recursion gave, which its next step reads. Whoever runs the recursion fills it; one per plan, as
/// <see cref="OuterRow"/>.
/// </summary>
internal sealed class WorkingTable(string name, RelationColumn[] columns)
{
    /// <summary>Name of the common table expression.</summary>
    public string Name { get; } = name;

    /// <summary>The columns.</summary>
    public RelationColumn[] Columns { get; } = columns;

    /// <summary>How often the query block that is being planned reads it.</summary>
    public int ReferenceCount { get; set; }

    /// <summary>The rows: not to be changed, narrowed neither.</summary>
    public List<RowBatch> Batches { get; } = [];
}
