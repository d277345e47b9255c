namespace P2PDB.Engine.Accounts;

/// <summary>
/// One table or view that a statement names, and whose rights decide about it. Planning asks it for each column that a name is bound to, so
/// no row of what it guards is reached unasked.
/// </summary>
internal sealed class TableGuard
{
    // The tables of performance_schema that MySQL, too, shows to everybody.
    private static readonly HashSet<string> OpenTables = new(StringComparer.OrdinalIgnoreCase)
    {
        "session_variables", "global_variables", "session_status", "global_status", "variables_info", "session_account_connect_attrs",
    };

    private readonly Rights _rights;
    private readonly string _schema;
    private readonly string _table;

    private TableGuard(Rights rights, string schema, string table)
    {
        _rights = rights;
        _schema = schema;
        _table = table;
    }

    /// <summary>
    /// The guard of a table, which need not exist; null where nothing is guarded. Error 1142 where none of the wanted privileges is held on
    /// it or on any of its columns.
    /// </summary>
    public static TableGuard? Open(Rights rights, string schema, string table, PrivilegeSet wanted)
    {
        if (rights.IsUnlimited || schema.Equals("information_schema", StringComparison.OrdinalIgnoreCase)
            || (schema.Equals("performance_schema", StringComparison.OrdinalIgnoreCase) && OpenTables.Contains(table)))
        {
            return null;
        }

        var guard = new TableGuard(rights, schema, table);
        guard.RequireAny(wanted);
        return guard;
    }

    /// <summary>Error 1142 where none of some privileges is held on the table or on a column.</summary>
    public void RequireAny(PrivilegeSet wanted)
    {
        if ((_rights.OnTableOrColumns(_schema, _table) & wanted) == 0)
            throw AccountErrors.TableDenied(Privileges.FirstIn(wanted), _rights.Account, _table).ToException();
    }

    /// <summary>Error 1142 where rows of the table must not be locked: FOR UPDATE is for who may change them, or lock tables.</summary>
    public void RequireLock()
    {
        bool mayChange = (_rights.OnTableOrColumns(_schema, _table) & (PrivilegeSet.Update | PrivilegeSet.Delete)) != 0;
        if (!mayChange && (_rights.OnDatabase(_schema) & PrivilegeSet.LockTables) == 0)
            throw AccountErrors.TableDenied("SELECT with locking clause", _rights.Account, _table).ToException();
    }

    /// <summary>Error 1345 where the plan of a view must not be shown: it tells of tables that only the definition names.</summary>
    public void RequireExplain()
    {
        if ((_rights.OnTable(_schema, _table) & PrivilegeSet.ShowView) == 0)
            throw AccountErrors.CannotExplainView.ToException();
    }

    /// <summary>Error 1142 where one of some privileges is not held on the table as a whole.</summary>
    public void RequireTable(PrivilegeSet wanted)
    {
        PrivilegeSet missing = wanted & ~_rights.OnTable(_schema, _table);
        if (missing != 0)
            throw AccountErrors.TableDenied(Privileges.FirstIn(missing), _rights.Account, _table).ToException();
    }

    /// <summary>
    /// Error 1143 for a column without a privilege; 1142 where no column can be reached, and where the statement does not name the column,
    /// so that the refusal tells nobody its name.
    /// </summary>
    public void Require(PrivilegeSet wanted, string column, bool isNamed = true)
    {
        if ((_rights.OnColumn(_schema, _table, column) & wanted) == wanted)
            return;
        bool isPartial = isNamed && (_rights.OnTableOrColumns(_schema, _table) & wanted) != 0;
        string command = Privileges.FirstIn(wanted);
        throw (isPartial
            ? AccountErrors.ColumnDenied(command, _rights.Account, column, _table)
            : AccountErrors.TableDenied(command, _rights.Account, _table)).ToException();
    }
}
