using P2PDB.Engine.Planning;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution;

/// <summary>A procedure that the node itself offers under CALL p2pdb.name(…).</summary>
/// <param name="Name">Its name in the schema p2pdb.</param>
/// <param name="ArgumentCountMin">Fewest arguments.</param>
/// <param name="ArgumentCountMax">Most arguments.</param>
/// <param name="Columns">Columns of its rows; none where it gives no rows.</param>
/// <param name="Run">
/// Does it: takes the session and the arguments as text (null for NULL), gives back rows of values, one per column. Ends the
/// statement by a SqlException.
/// </param>
internal sealed record BuiltInProcedure(
    string Name, int ArgumentCountMin, int ArgumentCountMax, RelationColumn[] Columns,
    Func<SessionState, string?[], IReadOnlyList<object?[]>> Run)
{
    /// <summary>A text column.</summary>
    public static RelationColumn Text(string name) => new(name, SqlType.VarChar(1024));
}
