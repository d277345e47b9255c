namespace P2PDB.Engine.Catalog;

/// <summary>One column of an index.</summary>
/// <param name="Ordinal">The column's place in the table.</param>
/// <param name="PrefixLength">Characters (bytes of binary strings) that count, or 0 for the whole value.</param>
/// <param name="IsDescending">True where DESC was said; kept for SHOW, the tree ascends.</param>
internal readonly record struct IndexPart(int Ordinal, int PrefixLength = 0, bool IsDescending = false);
