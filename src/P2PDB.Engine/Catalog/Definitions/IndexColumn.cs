using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Catalog.Definitions;

/// <summary>One column of a logged index.</summary>
/// <param name="Column">The column.</param>
/// <param name="PrefixLength">Characters that count, or 0 for the whole value.</param>
/// <param name="IsDescending">True where DESC was said.</param>
internal readonly record struct IndexColumn(ColumnId Column, int PrefixLength = 0, bool IsDescending = false);
