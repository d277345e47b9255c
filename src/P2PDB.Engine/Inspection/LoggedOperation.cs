using P2PDB.Engine.Log;

namespace P2PDB.Engine.Inspection;

/// <summary>An operation of an entry that <see cref="OperationReader"/> has read.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Index">0-based index among all operations of the entry.</param>
/// <param name="Table">Index in the entry's table directory, or <see cref="EntryFormat.NoTable"/>.</param>
/// <param name="Offset">Where its payload lies in the entry's body.</param>
/// <param name="Length">Bytes of that payload.</param>
/// <param name="Assembled">The payload, where it was put together from chunks.</param>
/// <param name="Statement">The text of the statement that it comes from, where it was kept.</param>
internal readonly record struct LoggedOperation(OpKind Kind, int Index, int Table, int Offset, int Length, byte[]? Assembled, byte[]? Statement);
