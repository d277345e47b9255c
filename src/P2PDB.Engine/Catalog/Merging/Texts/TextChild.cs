namespace P2PDB.Engine.Catalog.Merging.Texts;

/// <summary>A run of a text in the tree, in the order of what it hangs on, and there of the names of its bytes.</summary>
/// <param name="At">The insertion it hangs on, by its place among all; −1 for the root.</param>
/// <param name="Offset">Which byte of that.</param>
/// <param name="IsLeft">True on the left of it.</param>
/// <param name="Block">The insertion that it is of.</param>
/// <param name="Start">Its first byte.</param>
/// <param name="End">Behind its last byte.</param>
internal readonly record struct TextChild(int At, int Offset, bool IsLeft, int Block, int Start, int End);
