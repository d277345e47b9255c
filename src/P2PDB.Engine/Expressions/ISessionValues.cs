using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions;

/// <summary>What expressions ask of the session they run in. The session implements it; tests have their own.</summary>
internal interface ISessionValues
{
    /// <summary>CONNECTION_ID().</summary>
    public uint ConnectionId { get; }

    /// <summary>VERSION().</summary>
    public string ServerVersion { get; }

    /// <summary>DATABASE(); null when none is chosen.</summary>
    public string? DatabaseName { get; }

    /// <summary>USER(): as the client named itself, name@host.</summary>
    public string UserName { get; }

    /// <summary>CURRENT_USER(): the account that it became, name@host.</summary>
    public string AccountName { get; }

    /// <summary>CURRENT_ROLE(): 'NONE' without one.</summary>
    public string RoleNames { get; }

    /// <summary>LAST_INSERT_ID(); LAST_INSERT_ID(n) sets it.</summary>
    public ulong LastInsertId { get; set; }

    /// <summary>ROW_COUNT() of the statement before.</summary>
    public long RowCount { get; }

    /// <summary>FOUND_ROWS() of the statement before.</summary>
    public long FoundRowCount { get; }

    /// <summary>@name; NULL when it was never set.</summary>
    public SqlValue GetUserVariable(string name);

    /// <summary>@name := value.</summary>
    public void SetUserVariable(string name, in SqlValue value);

    /// <summary>@@name; error 1193 when there is none.</summary>
    public SqlValue GetSystemVariable(string name, bool isGlobal);

    /// <summary>GET_LOCK and its like; null where the session has no such locks.</summary>
    public long? UserLock(string function, string name, double timeoutSeconds);

    /// <summary>True once the statement was interrupted: what runs long ends, its result is thrown away.</summary>
    public bool IsStopped { get; }

    /// <summary>SLEEP(seconds): true when it was interrupted.</summary>
    public bool Sleep(double seconds);
}
