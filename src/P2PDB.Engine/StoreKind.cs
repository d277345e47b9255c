namespace P2PDB.Engine;

/// <summary>Which store holds the rows.</summary>
public enum StoreKind
{
    /// <summary>Memory: rows are rebuilt from the log at each start, and must fit.</summary>
    Memory,

    /// <summary>
    /// Pages in files, as many of them in memory as <see cref="DatabaseOptions.StoreMemory"/> allows. Rows are rebuilt from the
    /// log at each start, too.
    /// </summary>
    File,
}
