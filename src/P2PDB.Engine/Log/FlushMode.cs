namespace P2PDB.Engine.Log;

/// <summary>When a commit is durable; the numbers of <c>innodb_flush_log_at_trx_commit</c>.</summary>
internal enum FlushMode : byte
{
    /// <summary>Written and synced about once a second: a killed process loses up to a second.</summary>
    Periodic = 0,

    /// <summary>Durable before the commit is acknowledged.</summary>
    EachCommit = 1,

    /// <summary>Given to the system at commit, synced about once a second: only a power loss loses something.</summary>
    WriteEachCommit = 2,
}
