using P2PDB.Engine.Accounts;
using P2PDB.Engine.Sql.Ast.Accounts;
using PrivilegeNames = P2PDB.Engine.Accounts.Privileges;

namespace P2PDB.Engine.Execution.Accounts;

/// <summary>What a GRANT or REVOKE is on, and which privileges of which kind it names there.</summary>
internal sealed class GrantTarget
{
    private GrantTarget(GrantLevel level, string schema, string name)
    {
        Level = level;
        Schema = schema;
        Name = name;
    }

    /// <summary>The kind of thing.</summary>
    public GrantLevel Level { get; }

    /// <summary>The database, or a pattern for several; empty for everything.</summary>
    public string Schema { get; }

    /// <summary>The table or routine; empty for a whole database.</summary>
    public string Name { get; }

    /// <summary>True for ALL.</summary>
    public bool IsAll { get; private set; }

    /// <summary>Privileges on the thing as a whole.</summary>
    public PrivilegeSet Privileges { get; private set; }

    /// <summary>Dynamic privileges.</summary>
    public List<string> Dynamic { get; } = [];

    /// <summary>Privileges on columns.</summary>
    public List<(string Column, PrivilegeSet Privileges)> Columns { get; } = [];

    /// <summary>True where the right to pass on is meant of static privileges: USAGE is one, a dynamic privilege has a right of its own.</summary>
    public bool NamesStatic => Privileges != 0 || Dynamic.Count == 0;

    /// <summary>What can be granted there, without GRANT OPTION.</summary>
    public PrivilegeSet Grantable => (Level switch
    {
        GrantLevel.Global => PrivilegeSet.All,
        GrantLevel.Database => PrivilegeSet.OfDatabases,
        GrantLevel.Table => PrivilegeSet.OfTables,
        _ => PrivilegeSet.OfRoutines,
    }) & ~PrivilegeSet.GrantOption;

    /// <summary>Reads target and privileges; errors 1046, 1144, 1149, 1221 and 3619 for what does not go together.</summary>
    public static GrantTarget Of(StatementContext context, PrivilegeTarget target, Privilege[] privileges)
    {
        GrantTarget read = Place(context, target);
        foreach (Privilege privilege in privileges)
            read.Add(privilege);
        return read;
    }

    private static GrantTarget Place(StatementContext context, PrivilegeTarget target)
    {
        if (target.Kind != PrivilegeTargetKind.Table)
        {
            GrantLevel level = target.Kind == PrivilegeTargetKind.Function ? GrantLevel.Function : GrantLevel.Procedure;
            string name = target.Name ?? throw AccountErrors.IllegalGrant.ToException();
            return new GrantTarget(level, context.SchemaOrChosen(target.Schema), name);
        }

        if (target.Schema is null && !target.IsCurrentSchema)
            return new GrantTarget(GrantLevel.Global, "", "");
        string schema = context.SchemaOrChosen(target.Schema);
        return new GrantTarget(target.Name is null ? GrantLevel.Database : GrantLevel.Table, schema, target.Name ?? "");
    }

    private void Add(Privilege privilege)
    {
        if (privilege.Name == "ALL")
        {
            IsAll = true;
            Privileges |= Grantable;
            if (Level == GrantLevel.Global)
                Dynamic.AddRange(PrivilegeNames.Dynamic);
            return;
        }

        if (privilege.Name == "USAGE")
            return;
        if (!PrivilegeNames.TryFind(privilege.Name, out PrivilegeSet bit))
        {
            if (!PrivilegeNames.IsDynamic(privilege.Name))
                throw AccountErrors.UnknownPrivilege.ToException();
            if (Level != GrantLevel.Global || privilege.Columns.Length > 0)
                throw AccountErrors.IllegalLevel(privilege.Name).ToException();
            Dynamic.Add(privilege.Name);
            return;
        }

        if (privilege.Columns.Length > 0)
        {
            if (Level != GrantLevel.Table || (bit & PrivilegeSet.OfColumns) == 0)
                throw AccountErrors.WrongUsage("COLUMN GRANT", "NON-COLUMN PRIVILEGES").ToException();
            foreach (string column in privilege.Columns)
                Columns.Add((column, bit));
            return;
        }

        if ((bit & (Grantable | PrivilegeSet.GrantOption)) == 0)
        {
            throw (Level == GrantLevel.Database ? AccountErrors.WrongUsage("DB GRANT", "GLOBAL PRIVILEGES") : AccountErrors.IllegalGrant)
                .ToException();
        }

        Privileges |= bit;
    }
}

/// <summary>How much a grant is on.</summary>
internal enum GrantLevel : byte { Global, Database, Table, Procedure, Function }
