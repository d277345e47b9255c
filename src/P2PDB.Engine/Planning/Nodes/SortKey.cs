namespace P2PDB.Engine.Planning.Nodes;

/// <summary>One column to order by.</summary>
/// <param name="Column">Ordinal in the input's row.</param>
/// <param name="IsDescending">True for largest first; NULL counts as smallest.</param>
internal readonly record struct SortKey(int Column, bool IsDescending);
