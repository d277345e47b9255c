namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>FLUSH.</summary>
/// <param name="Items">Upper case: PRIVILEGES, LOGS, BINARY LOGS, STATUS, TABLES, …; RELAY LOGS may carry a channel behind a space.</param>
/// <param name="IsLocal">NO_WRITE_TO_BINLOG or LOCAL.</param>
internal sealed record FlushStatement(string[] Items, bool IsLocal) : Statement
{
    /// <summary>The tables of FLUSH TABLES; empty for all.</summary>
    public ObjectName[] Tables { get; init; } = [];

    /// <summary>WITH READ LOCK.</summary>
    public bool WithReadLock { get; init; }

    /// <summary>FOR EXPORT.</summary>
    public bool ForExport { get; init; }
}
