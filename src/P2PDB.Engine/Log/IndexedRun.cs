namespace P2PDB.Engine.Log;

/// <summary>Entries of a chain that are read from the index of a history file.</summary>
/// <param name="Pages">Reads them.</param>
/// <param name="File">Index of the history file.</param>
/// <param name="Offset">Position of the first in the file's index.</param>
/// <param name="From">Index in the chain of the first.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct IndexedRun(HistoryIndexPages Pages, int File, long Offset, int From, int Count);
