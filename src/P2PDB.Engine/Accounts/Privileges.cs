using System.Collections.Frozen;
using System.Linq;

namespace P2PDB.Engine.Accounts;

/// <summary>The names of privileges: the static ones with their bits, the dynamic ones by name alone.</summary>
internal static class Privileges
{
    /// <summary>What the procedures of <c>p2pdb</c> need: they change the log's members, rights and conflicts.</summary>
    public const string P2pdbAdmin = "P2PDB_ADMIN";

    /// <summary>Who has it is out of reach of accounts without it.</summary>
    public const string SystemUser = "SYSTEM_USER";

    private static readonly (PrivilegeSet Bit, string Name)[] Static =
    [
        (PrivilegeSet.Select, "SELECT"), (PrivilegeSet.Insert, "INSERT"), (PrivilegeSet.Update, "UPDATE"), (PrivilegeSet.Delete, "DELETE"),
        (PrivilegeSet.Create, "CREATE"), (PrivilegeSet.Drop, "DROP"), (PrivilegeSet.Reload, "RELOAD"), (PrivilegeSet.Shutdown, "SHUTDOWN"),
        (PrivilegeSet.Process, "PROCESS"), (PrivilegeSet.File, "FILE"), (PrivilegeSet.References, "REFERENCES"), (PrivilegeSet.Index, "INDEX"),
        (PrivilegeSet.Alter, "ALTER"), (PrivilegeSet.ShowDatabases, "SHOW DATABASES"), (PrivilegeSet.Super, "SUPER"),
        (PrivilegeSet.CreateTemporaryTables, "CREATE TEMPORARY TABLES"), (PrivilegeSet.LockTables, "LOCK TABLES"),
        (PrivilegeSet.Execute, "EXECUTE"), (PrivilegeSet.ReplicationSlave, "REPLICATION SLAVE"),
        (PrivilegeSet.ReplicationClient, "REPLICATION CLIENT"), (PrivilegeSet.CreateView, "CREATE VIEW"), (PrivilegeSet.ShowView, "SHOW VIEW"),
        (PrivilegeSet.CreateRoutine, "CREATE ROUTINE"), (PrivilegeSet.AlterRoutine, "ALTER ROUTINE"), (PrivilegeSet.CreateUser, "CREATE USER"),
        (PrivilegeSet.Event, "EVENT"), (PrivilegeSet.Trigger, "TRIGGER"), (PrivilegeSet.CreateTablespace, "CREATE TABLESPACE"),
        (PrivilegeSet.CreateRole, "CREATE ROLE"), (PrivilegeSet.DropRole, "DROP ROLE"),
    ];

    /// <summary>The dynamic privileges by name, in order.</summary>
    public static IReadOnlyList<string> Dynamic { get; } =
    [
        "ALLOW_NONEXISTENT_DEFINER", "APPLICATION_PASSWORD_ADMIN", "AUDIT_ABORT_EXEMPT", "AUDIT_ADMIN", "AUTHENTICATION_POLICY_ADMIN",
        "BACKUP_ADMIN", "BINLOG_ADMIN", "BINLOG_ENCRYPTION_ADMIN", "CLONE_ADMIN", "CONNECTION_ADMIN", "ENCRYPTION_KEY_ADMIN",
        "FIREWALL_EXEMPT", "FLUSH_OPTIMIZER_COSTS", "FLUSH_PRIVILEGES", "FLUSH_STATUS", "FLUSH_TABLES", "FLUSH_USER_RESOURCES",
        "GROUP_REPLICATION_ADMIN", "GROUP_REPLICATION_STREAM", "INNODB_REDO_LOG_ARCHIVE", "INNODB_REDO_LOG_ENABLE",
        "OPTIMIZE_LOCAL_TABLE", P2pdbAdmin, "PASSWORDLESS_USER_ADMIN", "PERSIST_RO_VARIABLES_ADMIN", "REPLICATION_APPLIER",
        "REPLICATION_SLAVE_ADMIN", "RESOURCE_GROUP_ADMIN", "RESOURCE_GROUP_USER", "ROLE_ADMIN", "SENSITIVE_VARIABLES_OBSERVER",
        "SERVICE_CONNECTION_ADMIN", "SESSION_VARIABLES_ADMIN", "SET_ANY_DEFINER", "SHOW_ROUTINE", SystemUser,
        "SYSTEM_VARIABLES_ADMIN", "TABLE_ENCRYPTION_ADMIN", "TELEMETRY_LOG_ADMIN", "TRANSACTION_GTID_TAG", "XA_RECOVER_ADMIN",
    ];

    private static readonly FrozenDictionary<string, PrivilegeSet> ByName = Static
        .Append((Bit: PrivilegeSet.GrantOption, Name: "GRANT OPTION"))
        .ToFrozenDictionary(one => one.Name, one => one.Bit, StringComparer.Ordinal);

    private static readonly FrozenSet<string> DynamicNames = Dynamic.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>The bit of a static privilege, by its name in capitals.</summary>
    public static bool TryFind(string name, out PrivilegeSet privilege) => ByName.TryGetValue(name, out privilege);

    /// <summary>True for a dynamic privilege's name in capitals.</summary>
    public static bool IsDynamic(string name) => DynamicNames.Contains(name);

    /// <summary>The names in a set, without GRANT OPTION, in order.</summary>
    public static IEnumerable<string> NamesIn(PrivilegeSet set)
    {
        foreach ((PrivilegeSet bit, string name) in Static)
        {
            if ((set & bit) != 0)
                yield return name;
        }
    }

    /// <summary>The name of the first privilege in a set: what a refusal calls the command.</summary>
    public static string FirstIn(PrivilegeSet set) => NamesIn(set).FirstOrDefault() ?? "GRANT";
}
