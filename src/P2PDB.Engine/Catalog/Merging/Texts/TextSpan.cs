namespace P2PDB.Engine.Catalog.Merging.Texts;

/// <summary>Bytes of one insertion that lie beside each other in a text, gone ones too.</summary>
/// <param name="Block">Which insertion, by its place among all.</param>
/// <param name="Start">The first byte.</param>
/// <param name="Length">How many.</param>
/// <param name="IsGone">True where they were taken away.</param>
internal readonly record struct TextSpan(int Block, int Start, int Length, bool IsGone);
