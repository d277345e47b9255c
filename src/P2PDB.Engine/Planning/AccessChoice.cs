using P2PDB.Engine.Planning.Nodes;

namespace P2PDB.Engine.Planning;

/// <summary>A path to a table's rows and what it is thought to cost.</summary>
/// <param name="Path">The path.</param>
/// <param name="Rows">Rows that it gives, for each opening.</param>
/// <param name="Cost">Work for each opening, in rows read in primary key order.</param>
/// <param name="UsesOthers">True where its keys read rows of other relations.</param>
/// <param name="MeetsOrder">True where its order is the one wished for.</param>
internal readonly record struct AccessChoice(AccessPath Path, double Rows, double Cost, bool UsesOthers, bool MeetsOrder)
{
    /// <summary>Conditions that every row of the path meets, so that nobody need look again unless the row may have changed since.</summary>
    public Conjunct[] Met { get; init; } = [];
}
