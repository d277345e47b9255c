namespace P2PDB.Engine.Catalog.Merging.Texts;

/// <summary>Bytes of one write that were taken away from a text.</summary>
/// <param name="Author">As in <see cref="TextPlace"/>; never the root.</param>
/// <param name="Time">As in <see cref="TextPlace"/>.</param>
/// <param name="Start">The first of them.</param>
/// <param name="Length">How many.</param>
internal readonly record struct TextRange(int Author, ulong Time, int Start, int Length)
{
    /// <summary>True where it takes away of an insertion that the same word states.</summary>
    public bool IsOf(in TextInsertion insertion) => Author == insertion.Author && Time == insertion.Time;
}
