namespace P2PDB.Engine.Expressions.Aggregates;

/// <summary>Which value of a group is kept.</summary>
internal enum ExtremeKind : byte
{
    Minimum,
    Maximum,
    Any,
}
