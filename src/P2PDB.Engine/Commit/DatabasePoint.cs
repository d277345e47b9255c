using P2PDB.Engine.Apply;
using P2PDB.Engine.Log;

namespace P2PDB.Engine.Commit;

/// <summary>A database at a <see cref="RecoveryPoint"/>.</summary>
/// <param name="Id">The database.</param>
/// <param name="Log">The entries that are in the rows.</param>
/// <param name="Tables">Its tables.</param>
internal sealed record DatabasePoint(DatabaseId Id, LogMark Log, IReadOnlyList<TablePoint> Tables);
