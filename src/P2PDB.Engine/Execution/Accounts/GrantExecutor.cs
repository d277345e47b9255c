using System.Linq;
using P2PDB.Engine.Accounts;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Sql.Ast.Accounts;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Accounts;

/// <summary>GRANT and REVOKE of privileges. Nobody passes on, or takes, what they may not pass on themselves.</summary>
internal static class GrantExecutor
{
    /// <summary>GRANT.</summary>
    public static StatementResult Grant(StatementContext context, GrantStatement statement)
    {
        if (statement.As is not null)
            throw SqlErrors.NotSupportedYet("GRANT … AS").ToException();
        if (Array.Exists(statement.Accounts, one => one.Authentication is not null))
            throw SqlErrors.ParseError("IDENTIFIED", 1).ToException();
        GrantTarget target = GrantTarget.Of(context, statement.Target, statement.Privileges);
        RequireGrantOption(context, target);
        RequireExisting(context, target);
        context.Node.Accounts.Change(accounts =>
        {
            foreach (AccountSpecification one in statement.Accounts)
            {
                StoredAccount account = accounts.Find(AccountNames.Resolve(context, one.Account))
                    ?? throw AccountErrors.CannotCreateByGrant.ToException();
                AccountExecutor.RequireSystemUser(context, account);
                accounts = accounts.With(account with { Grants = Add(account.Grants, target, statement.WithGrantOption) });
            }

            return accounts;
        });
        return StatementResult.Done;
    }

    /// <summary>REVOKE.</summary>
    public static StatementResult Revoke(StatementContext context, RevokeStatement statement)
    {
        GrantTarget? target = statement.Target is null ? null : GrantTarget.Of(context, statement.Target, statement.Privileges);
        if (target is not null)
            RequireGrantOption(context, target);
        AccountKey[] keys = AccountNames.ResolveAll(context, statement.Accounts);
        context.Node.Accounts.Change(accounts =>
        {
            foreach (AccountKey key in keys)
            {
                if (accounts.Find(key) is not { } account)
                {
                    if (!statement.IgnoresUnknownUser)
                        throw (target is null ? AccountErrors.CannotRevokeAll : AccountErrors.NoSuchGrant(key)).ToException();
                    context.Evaluation.Warn(AccountErrors.DoesNotExist(key));
                    continue;
                }

                AccountExecutor.RequireSystemUser(context, account);
                GrantSet? grants = target is null ? GrantSet.Empty with { Roles = account.Grants.Roles } : TryRemove(account.Grants, target);
                if (grants is null)
                {
                    SqlError missing = Missing(key, target!);
                    if (!statement.IfExists)
                        throw missing.ToException();
                    context.Evaluation.Warn(missing);
                    continue;
                }

                accounts = accounts.With(account with { Grants = grants });
            }

            return accounts;
        });
        return StatementResult.Done;
    }

    private static SqlError Missing(AccountKey key, GrantTarget target) => target.Level switch
    {
        GrantLevel.Table => AccountErrors.NoSuchTableGrant(key, target.Name),
        GrantLevel.Procedure or GrantLevel.Function => AccountErrors.NoSuchRoutineGrant(key, target.Name),
        _ => AccountErrors.NoSuchGrant(key),
    };

    private static GrantSet Add(GrantSet grants, GrantTarget target, bool withGrantOption)
    {
        PrivilegeSet added = target.Privileges | (withGrantOption ? PrivilegeSet.GrantOption : 0);
        switch (target.Level)
        {
            case GrantLevel.Global:
                return GrantEdit.AddGlobal(grants, target.NamesStatic ? added : 0, target.Dynamic, withGrantOption);
            case GrantLevel.Database:
                return GrantEdit.SetDatabase(grants, target.Schema, GrantEdit.OfDatabase(grants, target.Schema) | added);
            case GrantLevel.Table:
                TableGrant table = grants.FindTable(target.Schema, target.Name) ?? new TableGrant(target.Schema, target.Name, 0, []);
                table = table with { Privileges = table.Privileges | added };
                foreach ((string column, PrivilegeSet privileges) in target.Columns)
                    table = GrantEdit.EditColumn(table, column, privileges, PrivilegeSet.None);
                return GrantEdit.SetTable(grants, table);
            default:
                bool isFunction = target.Level == GrantLevel.Function;
                PrivilegeSet known = grants.FindRoutine(target.Schema, target.Name, isFunction)?.Privileges ?? 0;
                return GrantEdit.SetRoutine(grants, new RoutineGrant(target.Schema, target.Name, isFunction, known | added));
        }
    }

    /// <summary>The grants without those of a target; null where there are none on it.</summary>
    private static GrantSet? TryRemove(GrantSet grants, GrantTarget target)
    {
        switch (target.Level)
        {
            case GrantLevel.Global:
                return GrantEdit.RemoveGlobal(
                    grants, target.Privileges, target.Dynamic, allowsGrantOption: (target.Privileges & PrivilegeSet.GrantOption) == 0);
            case GrantLevel.Database:
                PrivilegeSet onDatabase = GrantEdit.OfDatabase(grants, target.Schema);
                return onDatabase == 0 ? null : GrantEdit.SetDatabase(grants, target.Schema, onDatabase & ~target.Privileges);
            case GrantLevel.Table:
                if (grants.FindTable(target.Schema, target.Name) is not { } table)
                    return null;
                // What goes from the table goes from its columns.
                table = table with
                {
                    Privileges = table.Privileges & ~target.Privileges,
                    Columns = [.. table.Columns.Select(column => column with { Privileges = column.Privileges & ~target.Privileges })],
                };
                foreach ((string column, PrivilegeSet privileges) in target.Columns)
                    table = GrantEdit.EditColumn(table, column, PrivilegeSet.None, privileges);
                return GrantEdit.SetTable(grants, table);
            default:
                return grants.FindRoutine(target.Schema, target.Name, target.Level == GrantLevel.Function) is { } routine
                    ? GrantEdit.SetRoutine(grants, routine with { Privileges = routine.Privileges & ~target.Privileges }) : null;
        }
    }

    /// <summary>Errors 1045, 1044, 1142, 1143, 1370 and 1227 for who does not hold what the statement names, with the right to pass it on.</summary>
    private static void RequireGrantOption(StatementContext context, GrantTarget target)
    {
        SessionState session = context.Session;
        Rights rights = session.Rights;
        PrivilegeSet wanted = target.Privileges | PrivilegeSet.GrantOption;
        switch (target.Level)
        {
            case GrantLevel.Global:
                if (target.NamesStatic && (wanted & ~rights.Global) != 0)
                    throw SqlErrors.AccessDenied(session.User, session.Host, "YES").ToException();
                if (!target.Dynamic.TrueForAll(rights.MayGrantDynamic))
                    throw AccountErrors.PrivilegeNeeded("GRANT OPTION").ToException();
                return;
            case GrantLevel.Database:
                // A pattern is more than any one database: it is held by the same pattern, or everywhere.
                if ((wanted & ~rights.OnPattern(target.Schema)) != 0)
                    throw SqlErrors.DatabaseAccessDenied(session.User, session.Host, target.Schema).ToException();
                return;
            case GrantLevel.Table:
                if ((wanted & ~rights.OnTable(target.Schema, target.Name)) != 0)
                    throw AccountErrors.TableDenied("GRANT", session.Account, target.Name).ToException();
                foreach ((string column, PrivilegeSet privileges) in target.Columns)
                {
                    if ((privileges & ~rights.OnColumn(target.Schema, target.Name, column)) != 0)
                        throw AccountErrors.ColumnDenied("GRANT", session.Account, column, target.Name).ToException();
                }

                return;
            default:
                if ((wanted & ~rights.OnRoutine(target.Schema, target.Name, target.Level == GrantLevel.Function)) != 0)
                    throw AccountErrors.RoutineDenied("GRANT", session.Account, $"{target.Schema}.{target.Name}").ToException();
                return;
        }
    }

    /// <summary>Errors 1146 and 1054: what is granted on must be there, unless it may be created.</summary>
    private static void RequireExisting(StatementContext context, GrantTarget target)
    {
        if (target.Level != GrantLevel.Table)
            return;
        if (VirtualTables.IsSchema(target.Schema))
        {
            if (context.Node.VirtualTables.Find(target.Schema, target.Name) is null)
                throw SqlErrors.NoSuchTable(target.Schema, target.Name).ToException();
            return;
        }

        bool isKnown = context.Node.Transactions.Databases.ContainsKey(target.Schema);
        DatabaseSchema? database = isKnown ? context.DatabaseOf(target.Schema, out _) : null;
        TableSchema? table = database?.FindTable(target.Name);
        ViewSchema? view = database?.FindView(target.Name);
        if (table is null && view is null)
        {
            if (target.Columns.Count > 0 || (target.Privileges & PrivilegeSet.Create) == 0)
                throw SqlErrors.NoSuchTable(target.Schema, target.Name).ToException();
            return;
        }

        foreach ((string column, _) in target.Columns)
        {
            bool isColumn = table is not null
                ? table.OrdinalOf(column) >= 0 : view!.Definition.Columns.Contains(column, StringComparer.OrdinalIgnoreCase);
            if (!isColumn)
                throw SqlErrors.UnknownColumn(column, target.Name).ToException();
        }
    }
}
