namespace P2PDB.Engine.Catalog.Merging.Texts;

/// <summary>A write that a word names.</summary>
/// <param name="Author">As in <see cref="TextPlace"/>; never the root.</param>
/// <param name="Time">As in <see cref="TextPlace"/>.</param>
internal readonly record struct TextName(int Author, ulong Time);
