namespace P2PDB.Engine.Catalog.Merging.Texts;

/// <summary>Where a run of a text hangs: beside a byte of another run, or at the root of all.</summary>
/// <param name="Author">0 for the writer of the word that names it, else the place among its other authors, counted from 1; −1 for the root.</param>
/// <param name="Time">The hybrid time of the write that inserted the byte; 0, of the writer alone, for the operation at hand.</param>
/// <param name="Offset">Which byte of that write.</param>
/// <param name="IsLeft">True on the left of it.</param>
internal readonly record struct TextPlace(int Author, ulong Time, int Offset, bool IsLeft)
{
    /// <summary>The root, on whose right all lies.</summary>
    public static TextPlace Root => new(-1, 0, 0, false);
}
