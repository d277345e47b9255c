using P2PDB.Engine.Accounts;
using P2PDB.Engine.Execution.Accounts;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Accounts;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Access;

/// <summary>What <see cref="StatementRules"/> asks of a session, with MySQL's error for each level.</summary>
internal readonly struct StatementNeeds(StatementContext context)
{
    private readonly SessionState _session = context.Session;

    /// <summary>The session's rights.</summary>
    public Rights Rights => _session.Rights;

    /// <summary>All of some privileges on a table, whether it exists or not; error 1142.</summary>
    public void Table(PrivilegeSet wanted, ObjectName name)
    {
        PrivilegeSet missing = wanted & ~Rights.OnTable(SchemaOf(name.Schema), name.Name);
        if (missing != 0)
            throw AccountErrors.TableDenied(Privileges.FirstIn(missing), _session.Account, name.Name).ToException();
    }

    /// <summary>Some privilege on a table or a column of it; error 1142 that names a command.</summary>
    public void Seen(string command, string? schema, string name)
    {
        schema = SchemaOf(schema);
        if (!IsOpen(schema) && !Rights.SeesTable(schema, name))
            throw AccountErrors.TableDenied(command, _session.Account, name).ToException();
    }

    /// <summary>Some privilege on a table as a whole, since all of its columns show; error 1142 that names a command.</summary>
    public void SeenWhole(string command, string? schema, string name)
    {
        schema = SchemaOf(schema);
        if (!IsOpen(schema) && (Rights.OnTable(schema, name) & PrivilegeSet.OfTables & ~PrivilegeSet.GrantOption) == 0)
            throw AccountErrors.TableDenied(command, _session.Account, name).ToException();
    }

    /// <summary>All of some privileges on a database; error 1044.</summary>
    public void Database(PrivilegeSet wanted, string? name)
    {
        name = SchemaOf(name);
        if ((wanted & ~Rights.OnDatabase(name)) != 0)
            throw SqlErrors.DatabaseAccessDenied(_session.User, _session.Host, name).ToException();
    }

    /// <summary>Any privilege in a database; error 1044.</summary>
    public void In(string? name)
    {
        name = SchemaOf(name);
        if (!IsOpen(name) && !Rights.HoldsIn(name))
            throw SqlErrors.DatabaseAccessDenied(_session.User, _session.Host, name).ToException();
    }

    /// <summary>One of some privileges on everything; error 1227.</summary>
    public void AnyGlobal(PrivilegeSet wanted)
    {
        if ((Rights.Global & wanted) == 0)
            throw AccountErrors.PrivilegeNeeded(string.Join(", ", Privileges.NamesIn(wanted))).ToException();
    }

    /// <summary>FILE; error 1045, as MySQL answers.</summary>
    public void File()
    {
        if ((Rights.Global & PrivilegeSet.File) == 0)
            throw SqlErrors.AccessDenied(_session.User, _session.Host, "YES").ToException();
    }

    /// <summary>A dynamic privilege, or the static one that it came of; error 1227.</summary>
    public void Dynamic(string name, PrivilegeSet former = PrivilegeSet.Super)
    {
        if ((Rights.Global & former) != 0 || Rights.HasDynamic(name))
            return;
        string names = former == PrivilegeSet.None ? name : $"{Privileges.FirstIn(former)} or {name}";
        throw AccountErrors.PrivilegeNeeded(names).ToException();
    }

    /// <summary>A privilege on a routine; error 1370.</summary>
    public void Routine(PrivilegeSet wanted, ObjectName name, bool isFunction)
    {
        string schema = SchemaOf(name.Schema);
        if ((wanted & ~Rights.OnRoutine(schema, name.Name, isFunction)) != 0)
            throw AccountErrors.RoutineDenied(Privileges.FirstIn(wanted), _session.Account, $"{schema}.{name.Name}").ToException();
    }

    /// <summary>A procedure that is called: error 1370, and 1227 for those of <c>p2pdb</c>.</summary>
    public void Call(ObjectName procedure)
    {
        if (SchemaOf(procedure.Schema).Equals("p2pdb", StringComparison.OrdinalIgnoreCase))
            Dynamic(Privileges.P2pdbAdmin, PrivilegeSet.None);
        else
            Routine(PrivilegeSet.Execute, procedure, isFunction: false);
    }

    /// <summary>A definer is oneself, or SET_ANY_DEFINER is held; and SYSTEM_USER, where the definer has that.</summary>
    public void Definer(AccountName? definer)
    {
        if (definer is null || AccountNames.Resolve(context, definer) is var key && key == _session.Account)
            return;
        Dynamic("SET_ANY_DEFINER", PrivilegeSet.Super);
        if (context.Node.Accounts.Current.Find(key) is { } account)
            AccountExecutor.RequireSystemUserOfRole(context, context.Node.Accounts.Current, account);
    }

    /// <summary>True for a view that there is.</summary>
    public bool IsView(ObjectName name)
    {
        string schema = SchemaOf(name.Schema);
        return context.Node.Transactions.Databases.ContainsKey(schema) && context.DatabaseOf(schema, out _).FindView(name.Name) is not null;
    }

    /// <summary>True where all of the accounts are the session's own.</summary>
    public bool AreOwn(AccountName[] accounts)
    {
        StatementContext mine = context;
        AccountKey own = _session.Account;
        return Array.TrueForAll(accounts, name => AccountNames.Resolve(mine, name) == own);
    }

    /// <summary>True for a session whose account is everybody's: what it changed of that would be changed for the others.</summary>
    public bool IsAnonymous => _session.Account.User.Length == 0;

    /// <summary>
    /// A session gives its own account another password: error 1131 for the anonymous one, 1227 where an old password is kept or discarded
    /// and neither APPLICATION_PASSWORD_ADMIN nor CREATE USER is held.
    /// </summary>
    public void OwnPassword(AccountAuthentication given)
    {
        if (IsAnonymous)
            throw AccountErrors.AnonymousPassword.ToException();
        if (given.RetainsCurrent || given.DiscardsOld)
            Dynamic("APPLICATION_PASSWORD_ADMIN", PrivilegeSet.CreateUser);
    }

    /// <summary>True for the schemas that everybody may look into: what they show is narrowed row by row.</summary>
    public static bool IsOpen(string schema) => schema.Equals("information_schema", StringComparison.OrdinalIgnoreCase)
        || schema.Equals("performance_schema", StringComparison.OrdinalIgnoreCase);

    private string SchemaOf(string? name) => context.SchemaOrChosen(name);
}
