using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Apply;

/// <summary>An index as it was built; see <see cref="TableRebuild"/>.</summary>
/// <param name="Name">Its lower name.</param>
/// <param name="Tree">Its tree; none for the primary key, which is the row tree.</param>
/// <param name="Form">The form it was built in.</param>
internal readonly record struct IndexPoint(string Name, TreeId Tree, byte[] Form);
