namespace P2PDB.Engine.Sql;

/// <summary>One token: a range of the text, borrowed from nobody, so that it may be kept as long as the text.</summary>
/// <param name="Kind">The shape.</param>
/// <param name="Keyword">The keyword a <see cref="TokenKind.Word"/> spells, or None.</param>
/// <param name="IsSpaced">True where a space or comment stands before the token.</param>
/// <param name="NeedsDecoding">True where a quoted token holds an escape or a doubled quote.</param>
/// <param name="Start">Byte offset of the first byte.</param>
/// <param name="Length">Length in bytes, quotes included.</param>
internal readonly record struct Token(
    TokenKind Kind, Keyword Keyword, bool IsSpaced, bool NeedsDecoding, int Start, int Length)
{
    /// <summary>Byte offset behind the last byte.</summary>
    public int End => Start + Length;
}
