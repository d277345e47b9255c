namespace P2PDB.Engine.Execution.Operators;

/// <summary>A stretch of an ordered tree, as places in a buffer of bounds: from the start, up to but without the end.</summary>
/// <param name="Start">Offset of the first key.</param>
/// <param name="StartLength">Its length; 0 is the first key there is.</param>
/// <param name="End">Offset of the key past the last one.</param>
/// <param name="EndLength">Its length; 0 is past the last key there is.</param>
internal readonly record struct ByteRange(int Start, int StartLength, int End, int EndLength);
