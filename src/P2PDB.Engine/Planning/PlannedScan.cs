using P2PDB.Engine.Catalog;

namespace P2PDB.Engine.Planning;

/// <summary>What must stay about true for a plan to stay a good one.</summary>
/// <param name="Table">The table that is read.</param>
/// <param name="Rows">Rows that were expected, for each opening.</param>
/// <param name="IsWhole">True where all of it is read.</param>
internal readonly record struct PlannedScan(TableSchema Table, double Rows, bool IsWhole);
