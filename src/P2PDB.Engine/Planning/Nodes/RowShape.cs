using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning.Nodes;

/// <summary>
/// The row of one query block: a slot for each column of its FROM clause that the statement uses. All steps from the scans
/// to the last filter share it, each filling in its own slots, so that an expression reads the same slot wherever the
/// planner puts it. It grows while the block is bound and is fixed from then on.
/// </summary>
internal sealed class RowShape
{
    private readonly List<SqlType> _types = [];

    /// <summary>Number of slots.</summary>
    public int Count => _types.Count;

    /// <summary>Type of each slot.</summary>
    public IReadOnlyList<SqlType> Types => _types;

    /// <summary>Adds a slot and returns its ordinal.</summary>
    public int Add(SqlType type)
    {
        _types.Add(type);
        return _types.Count - 1;
    }
}
