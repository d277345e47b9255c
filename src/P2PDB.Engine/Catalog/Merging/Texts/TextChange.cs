namespace P2PDB.Engine.Catalog.Merging.Texts;

/// <summary>One place at which two texts differ, in bytes.</summary>
/// <param name="Start">Where in the former text.</param>
/// <param name="Length">How much of it goes.</param>
/// <param name="NewStart">Where in the new text.</param>
/// <param name="NewLength">How much of it comes.</param>
internal readonly record struct TextChange(int Start, int Length, int NewStart, int NewLength);
