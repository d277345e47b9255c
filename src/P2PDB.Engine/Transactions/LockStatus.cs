namespace P2PDB.Engine.Transactions;

/// <summary>How a request for a key lock ended.</summary>
internal enum LockStatus : byte
{
    /// <summary>The owner holds the lock until it releases all of its locks.</summary>
    Granted,

    /// <summary>The wait was longer than the owner allows: error 1205, the statement ends, the transaction stays.</summary>
    TimedOut,

    /// <summary>Waiting would have closed a circle of owners: error 1213, the transaction ends.</summary>
    Deadlock,

    /// <summary>An entry from a peer changed a row that the owner had locked: error 1213, the transaction ends.</summary>
    Doomed,

    /// <summary>The session was told to stop while it waited: error 1317.</summary>
    Killed,
}
