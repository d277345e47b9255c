using P2PDB.Engine.Log;

namespace P2PDB.Engine.Transactions;

/// <summary>A state of a transaction to go back to: its write set and the operations that it would log.</summary>
internal readonly record struct Savepoint(WriteSetMark Writes, KeyValuePair<DatabaseId, ChangeSetMark>[] Changes);
