using System.Collections.Immutable;

namespace P2PDB.Engine.Catalog.Merging.Texts;

/// <summary>All that one write inserted into a text. Its bytes are numbered through its runs.</summary>
/// <param name="Author">As in <see cref="TextPlace"/>; never the root.</param>
/// <param name="Time">As in <see cref="TextPlace"/>.</param>
/// <param name="Runs">The runs, one at least; of a former value just one, at the root.</param>
/// <param name="IsFormer">True for the value from before the column merged as a text; always of another author than the writer.</param>
internal readonly record struct TextInsertion(int Author, ulong Time, ImmutableArray<TextRun> Runs, bool IsFormer = false);
