namespace P2PDB.Engine.Expressions.Windows;

/// <summary>What a place in the order is counted in.</summary>
internal enum RankKind : byte
{
    Number,
    Rank,
    Dense,
    Percent,
    Cumulative,
}
