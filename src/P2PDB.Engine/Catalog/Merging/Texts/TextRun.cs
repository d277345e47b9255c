namespace P2PDB.Engine.Catalog.Merging.Texts;

/// <summary>Bytes that one write put at one place of a text, each on the right of the one before.</summary>
/// <param name="Length">How many.</param>
/// <param name="Place">Where the first of them hangs.</param>
internal readonly record struct TextRun(int Length, TextPlace Place);
