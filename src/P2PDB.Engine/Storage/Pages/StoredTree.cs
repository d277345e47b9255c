namespace P2PDB.Engine.Storage.Pages;

/// <summary>One tree of a checkpoint.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Page">The page it begins with.</param>
/// <param name="IsLeaf">True where that page is its only leaf.</param>
/// <param name="HasLongValues">True where a record of it ever had a long value.</param>
/// <param name="Count">Records, as far as is known.</param>
internal readonly record struct StoredTree(TreeId Id, long Page, bool IsLeaf, bool HasLongValues, long Count);
