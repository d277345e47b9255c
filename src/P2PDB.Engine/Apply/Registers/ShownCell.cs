using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Log;

namespace P2PDB.Engine.Apply.Registers;

/// <summary>What a cell shows.</summary>
/// <param name="Value">The value.</param>
/// <param name="Stamp">Since when: the stamp of the operation that decided it.</param>
internal readonly record struct ShownCell(CellValue Value, Stamp Stamp);
