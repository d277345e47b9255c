namespace P2PDB.Engine.Accounts;

/// <summary>MySQL's static privileges, in the order in which SHOW GRANTS lists them. The bits are kept in files.</summary>
[Flags]
internal enum PrivilegeSet : uint
{
    None = 0,
    Select = 1 << 0,
    Insert = 1 << 1,
    Update = 1 << 2,
    Delete = 1 << 3,
    Create = 1 << 4,
    Drop = 1 << 5,
    Reload = 1 << 6,
    Shutdown = 1 << 7,
    Process = 1 << 8,
    File = 1 << 9,
    GrantOption = 1 << 10,
    References = 1 << 11,
    Index = 1 << 12,
    Alter = 1 << 13,
    ShowDatabases = 1 << 14,
    Super = 1 << 15,
    CreateTemporaryTables = 1 << 16,
    LockTables = 1 << 17,
    Execute = 1 << 18,
    ReplicationSlave = 1 << 19,
    ReplicationClient = 1 << 20,
    CreateView = 1 << 21,
    ShowView = 1 << 22,
    CreateRoutine = 1 << 23,
    AlterRoutine = 1 << 24,
    CreateUser = 1 << 25,
    Event = 1 << 26,
    Trigger = 1 << 27,
    CreateTablespace = 1 << 28,
    CreateRole = 1 << 29,
    DropRole = 1 << 30,

    /// <summary>What can be granted on a column.</summary>
    OfColumns = Select | Insert | Update | References,

    /// <summary>What can be granted on a table.</summary>
    OfTables = OfColumns | Delete | Create | Drop | GrantOption | Index | Alter | CreateView | ShowView | Trigger,

    /// <summary>What can be granted on a routine.</summary>
    OfRoutines = Execute | AlterRoutine | GrantOption,

    /// <summary>What can be granted on a database.</summary>
    OfDatabases = OfTables | OfRoutines | CreateTemporaryTables | LockTables | CreateRoutine | Event,

    /// <summary>All of them.</summary>
    All = uint.MaxValue >> 1,
}
