using System.Linq;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Accounts;

/// <summary>MySQL's errors about accounts and privileges. Source: MySQL 8.4 Error Message Reference.</summary>
internal static class AccountErrors
{
    /// <summary>ER_PASSWORD_ANONYMOUS_USER.</summary>
    public static readonly SqlError AnonymousPassword = new(1131, "42000",
        "You are using MySQL as an anonymous user and anonymous users are not allowed to change passwords");

    /// <summary>ER_PASSWORD_NO_MATCH.</summary>
    public static readonly SqlError NoSuchAccount = new(1133, "42000", "Can't find any matching row in the user table");

    /// <summary>ER_ILLEGAL_GRANT_FOR_TABLE.</summary>
    public static readonly SqlError IllegalGrant = new(1144, "42000",
        "Illegal GRANT/REVOKE command; please consult the manual to see which privileges can be used");

    /// <summary>ER_SYNTAX_ERROR: a privilege that nobody knows.</summary>
    public static readonly SqlError UnknownPrivilege = new(1149, "42000",
        "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use");

    /// <summary>ER_REVOKE_GRANTS.</summary>
    public static readonly SqlError CannotRevokeAll = new(1269, "HY000", "Can't revoke all privileges for one or more of the requested users");

    /// <summary>ER_VIEW_NO_EXPLAIN.</summary>
    public static readonly SqlError CannotExplainView = new(1345, "HY000", "EXPLAIN/SHOW can not be issued; lacking privileges for underlying table");

    /// <summary>ER_CANT_CREATE_USER_WITH_GRANT.</summary>
    public static readonly SqlError CannotCreateByGrant = new(1410, "42000", "You are not allowed to create a user with GRANT");

    /// <summary>ER_MUST_CHANGE_PASSWORD.</summary>
    public static readonly SqlError PasswordExpired = new(1820, "HY000",
        "You must reset your password using ALTER USER statement before executing this statement.");

    /// <summary>ER_PASSWORD_FORMAT.</summary>
    public static readonly SqlError PasswordFormat = new(1827, "HY000", "The password hash doesn't have the expected format.");

    /// <summary>ER_INCORRECT_CURRENT_PASSWORD.</summary>
    public static readonly SqlError WrongCurrentPassword = new(3891, "HY000",
        "Incorrect current password. Specify the correct password which has to be replaced.");

    /// <summary>ER_MISSING_CURRENT_PASSWORD.</summary>
    public static readonly SqlError CurrentPasswordNeeded = new(3892, "HY000",
        "Current password needs to be specified in the REPLACE clause in order to change it.");

    /// <summary>ER_CURRENT_PASSWORD_NOT_REQUIRED.</summary>
    public static readonly SqlError CurrentPasswordNotNeeded = new(3893, "HY000",
        "Do not specify the current password while changing it for other users.");

    /// <summary>ER_KILL_DENIED_ERROR.</summary>
    public static SqlError KillDenied(uint id) => new(1095, "HY000", $"You are not owner of thread {id}");

    /// <summary>ER_NONEXISTING_GRANT.</summary>
    public static SqlError NoSuchGrant(AccountKey account) =>
        new(1141, "42000", $"There is no such grant defined for user '{account.User}' on host '{account.Host}'");

    /// <summary>ER_TABLEACCESS_DENIED_ERROR.</summary>
    public static SqlError TableDenied(string command, AccountKey account, string table) =>
        new(1142, "42000", $"{command} command denied to user {account.Quoted} for table '{table}'");

    /// <summary>ER_COLUMNACCESS_DENIED_ERROR.</summary>
    public static SqlError ColumnDenied(string command, AccountKey account, string column, string table) =>
        new(1143, "42000", $"{command} command denied to user {account.Quoted} for column '{column}' in table '{table}'");

    /// <summary>ER_NONEXISTING_TABLE_GRANT.</summary>
    public static SqlError NoSuchTableGrant(AccountKey account, string table) =>
        new(1147, "42000", $"There is no such grant defined for user '{account.User}' on host '{account.Host}' on table '{table}'");

    /// <summary>ER_WRONG_USAGE.</summary>
    public static SqlError WrongUsage(string one, string other) => new(1221, "HY000", $"Incorrect usage of {one} and {other}");

    /// <summary>ER_USER_LIMIT_REACHED.</summary>
    public static SqlError LimitReached(string user, string limit, uint value) =>
        new(1226, "42000", $"User '{user}' has exceeded the '{limit}' resource (current value: {value})");

    /// <summary>ER_SPECIFIC_ACCESS_DENIED_ERROR.</summary>
    public static SqlError PrivilegeNeeded(string privileges) =>
        new(1227, "42000", $"Access denied; you need (at least one of) the {privileges} privilege(s) for this operation");

    /// <summary>ER_PROCACCESS_DENIED_ERROR.</summary>
    public static SqlError RoutineDenied(string command, AccountKey account, string routine) =>
        new(1370, "42000", $"{command} command denied to user {account.Quoted} for routine '{routine}'");

    /// <summary>ER_CANNOT_USER.</summary>
    public static SqlError CannotChange(string operation, IEnumerable<AccountKey> accounts) =>
        new(1396, "HY000", $"Operation {operation} failed for {string.Join(',', accounts.Select(account => account.Quoted))}");

    /// <summary>ER_NONEXISTING_PROC_GRANT.</summary>
    public static SqlError NoSuchRoutineGrant(AccountKey account, string routine) =>
        new(1403, "42000", $"There is no such grant defined for user '{account.User}' on host '{account.Host}' on routine '{routine}'");

    /// <summary>ER_WRONG_STRING_LENGTH.</summary>
    public static SqlError NameTooLong(string name, string kind, int lengthMax) =>
        new(1470, "HY000", $"String '{name}' is too long for {kind} (should be no longer than {lengthMax})");

    /// <summary>ER_PLUGIN_IS_NOT_LOADED.</summary>
    public static SqlError UnknownPlugin(string plugin) => new(1524, "HY000", $"Plugin '{plugin}' is not loaded");

    /// <summary>ER_USER_DOES_NOT_EXIST.</summary>
    public static SqlError DoesNotExist(AccountKey account) => new(3162, "HY000", $"Authorization ID {account.Quoted} does not exist.");

    /// <summary>ER_USER_ALREADY_EXISTS.</summary>
    public static SqlError AlreadyExists(AccountKey account) => new(3163, "HY000", $"Authorization ID {account.Quoted} already exists.");

    /// <summary>ER_UNKNOWN_AUTHID.</summary>
    public static SqlError UnknownAccount(AccountKey account) => new(3523, "HY000", $"Unknown authorization ID {account.Ticked}");

    /// <summary>ER_ROLE_NOT_GRANTED.</summary>
    public static SqlError RoleNotGranted(AccountKey role, AccountKey account) =>
        new(3530, "HY000", $"{role.Ticked} is not granted to {account.Ticked}");

    /// <summary>ER_ILLEGAL_PRIVILEGE_LEVEL.</summary>
    public static SqlError IllegalLevel(string privilege) => new(3619, "HY000", $"Illegal privilege level specified for {privilege}");

    /// <summary>ER_MANDATORY_ROLE.</summary>
    public static SqlError IsMandatory(AccountKey role) => new(3628, "HY000",
        $"The role {role.Ticked} is a mandatory role and can't be revoked or dropped. The restriction can be lifted by excluding the role identifier "
        + "from the global variable mandatory_roles.");

    /// <summary>ER_CREDENTIALS_CONTRADICT_TO_HISTORY.</summary>
    public static SqlError PasswordReused(AccountKey account) => new(3638, "HY000",
        $"Cannot use these credentials for '{account.User}@{account.Host}' because they contradict the password history policy");

    /// <summary>ER_CURRENT_PASSWORD_CANNOT_BE_RETAINED.</summary>
    public static SqlError EmptyPasswordRetained(AccountKey account) =>
        new(3895, "HY000", $"Current password can not be retained for user {account.Quoted} because new password is empty.");

    /// <summary>ER_ROLE_GRANTED_TO_ITSELF.</summary>
    public static SqlError RoleLoop(AccountKey account, AccountKey role) => new(4027, "HY000",
        $"User account {account.Ticked} is directly or indirectly granted to the role {role.Ticked}. The GRANT would create a loop");
}
