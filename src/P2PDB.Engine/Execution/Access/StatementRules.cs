using System.Collections.Frozen;
using P2PDB.Engine.Accounts;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Accounts;
using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Programs;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Execution.Access;

/// <summary>
/// What each kind of statement needs: the one place to say so. Every statement passes here before it is planned or executed; a kind that is
/// not listed needs SUPER. The tables and columns that a query or change reads and writes are asked for while it is planned
/// (<see cref="TableGuard"/>); what SHOW and information_schema list is narrowed where they list it.
/// </summary>
internal static class StatementRules
{
    private const PrivilegeSet CreatedByRename = PrivilegeSet.Create | PrivilegeSet.Insert;

    private static readonly FrozenDictionary<Type, Action<StatementNeeds, Statement>> Rules = Make().ToFrozenDictionary();

    /// <summary>The kinds of statements that have a rule.</summary>
    public static IEnumerable<Type> Listed => Rules.Keys;

    /// <summary>Throws where the session may not run a statement of that kind on what it names.</summary>
    public static void Check(StatementContext context, Statement statement)
    {
        SessionState session = context.Session;
        if (session.LoginAccount is null)
            return;
        if (session.MustResetPassword && statement is not (AlterUserStatement or SetPasswordStatement or SetStatement))
            throw AccountErrors.PasswordExpired.ToException();
        var needs = new StatementNeeds(context);
        if (Rules.TryGetValue(statement.GetType(), out Action<StatementNeeds, Statement>? rule))
            rule(needs, statement);
        else
            needs.AnyGlobal(PrivilegeSet.Super);
        if (session.MustResetPassword && statement is not SetStatement)
            RequireOwnPassword(needs, statement);
        if (statement is ExplainStatement { Target: { } target })
            Check(context, target);
    }

    /// <summary>An expired password lets its session change that one alone.</summary>
    private static void RequireOwnPassword(StatementNeeds needs, Statement statement)
    {
        bool isOwn = statement switch
        {
            AlterUserStatement { Options.Length: 0, DefaultRole: null } s =>
                needs.AreOwn(Array.ConvertAll(s.Accounts, one => one.Account))
                && Array.TrueForAll(s.Accounts, one => one.Authentication is { DiscardsOld: false }),
            SetPasswordStatement s => s.Account is null || needs.AreOwn([s.Account]),
            _ => false,
        };
        if (!isOwn)
            throw AccountErrors.PasswordExpired.ToException();
    }

    private static Dictionary<Type, Action<StatementNeeds, Statement>> Make()
    {
        var rules = new Dictionary<Type, Action<StatementNeeds, Statement>>();
        AddQueries(rules);
        AddDefinitions(rules);
        AddPrograms(rules);
        AddSessions(rules);
        AddAccounts(rules);
        return rules;
    }

    private static void Add<T>(Dictionary<Type, Action<StatementNeeds, Statement>> rules, Action<StatementNeeds, T> rule)
        where T : Statement => rules.Add(typeof(T), (needs, statement) => rule(needs, (T)statement));

    /// <summary>Needs nothing, or only what is asked for while it is planned or executed.</summary>
    private static void Free<T>(Dictionary<Type, Action<StatementNeeds, Statement>> rules)
        where T : Statement => rules.Add(typeof(T), static (_, _) => { });

    private static void AddQueries(Dictionary<Type, Action<StatementNeeds, Statement>> rules)
    {
        Add<SelectStatement>(rules, (needs, s) =>
        {
            if (s.Query.Into?.File is not null)
                needs.File();
        });
        Free<InsertStatement>(rules);
        Free<UpdateStatement>(rules);
        Free<DeleteStatement>(rules);
        Add<LoadDataStatement>(rules, (needs, s) =>
        {
            if (!s.IsLocal)
                needs.File();
        });
        Free<DoStatement>(rules);
        Free<ExplainStatement>(rules);
        Add<DescribeStatement>(rules, (needs, s) => needs.Seen("SELECT", s.Table.Schema, s.Table.Name));
        Add<ShowStatement>(rules, ShowRules.Check);
        Free<HelpStatement>(rules);
    }

    private static void AddDefinitions(Dictionary<Type, Action<StatementNeeds, Statement>> rules)
    {
        Add<CreateDatabaseStatement>(rules, (needs, s) => needs.Database(PrivilegeSet.Create, s.Name));
        Add<DropDatabaseStatement>(rules, (needs, s) => needs.Database(PrivilegeSet.Drop, s.Name));
        Add<AlterDatabaseStatement>(rules, (needs, s) => needs.Database(PrivilegeSet.Alter, s.Name));
        Add<CreateTableStatement>(rules, CheckCreateTable);
        Add<CreateTableLikeStatement>(rules, (needs, s) =>
        {
            RequireCreate(needs, s.Name, s.IsTemporary);
            needs.Table(PrivilegeSet.Select, s.Source);
        });
        Add<DropTableStatement>(rules, (needs, s) => RequireEach(needs, PrivilegeSet.Drop, s.Names));
        Add<AlterTableStatement>(rules, CheckAlterTable);
        Add<RenameTableStatement>(rules, (needs, s) =>
        {
            foreach (TableRename rename in s.Renames)
            {
                needs.Table(PrivilegeSet.Alter | PrivilegeSet.Drop, rename.From);
                needs.Table(CreatedByRename, rename.To);
            }
        });
        Add<TruncateTableStatement>(rules, (needs, s) => needs.Table(PrivilegeSet.Drop, s.Name));
        Add<CreateIndexStatement>(rules, (needs, s) => needs.Table(PrivilegeSet.Index, s.Table));
        Add<DropIndexStatement>(rules, (needs, s) => needs.Table(PrivilegeSet.Index, s.Table));
        Add<CreateViewStatement>(rules, (needs, s) =>
        {
            needs.Table(PrivilegeSet.CreateView | (s.IsReplace || s.IsAlter ? PrivilegeSet.Drop : 0), s.Name);
            needs.Definer(s.Definer);
        });
        Add<DropViewStatement>(rules, (needs, s) => RequireEach(needs, PrivilegeSet.Drop, s.Names));
        Add<TableMaintenanceStatement>(rules, (needs, s) => RequireEach(needs,
            s.Verb is TableMaintenance.Check or TableMaintenance.Checksum ? PrivilegeSet.Select : PrivilegeSet.Select | PrivilegeSet.Insert, s.Tables));
        Add<LockTablesStatement>(rules, (needs, s) =>
        {
            foreach (TableLock one in s.Locks)
            {
                needs.Database(PrivilegeSet.LockTables, one.Name.Schema);
                needs.Table(PrivilegeSet.Select, one.Name);
            }
        });
        Free<UnlockTablesStatement>(rules);
        Add<LockInstanceStatement>(rules, (needs, _) => needs.Dynamic("BACKUP_ADMIN", PrivilegeSet.None));
    }

    private static void AddPrograms(Dictionary<Type, Action<StatementNeeds, Statement>> rules)
    {
        Add<CreateRoutineStatement>(rules, (needs, s) =>
        {
            needs.Database(PrivilegeSet.CreateRoutine, s.Name.Schema);
            needs.Definer(s.Definer);
        });
        Add<AlterRoutineStatement>(rules, (needs, s) => needs.Routine(PrivilegeSet.AlterRoutine, s.Name, s.IsFunction));
        Add<DropRoutineStatement>(rules, (needs, s) => needs.Routine(PrivilegeSet.AlterRoutine, s.Name, s.IsFunction));
        Add<CreateTriggerStatement>(rules, (needs, s) =>
        {
            needs.Table(PrivilegeSet.Trigger, s.Table);
            needs.Definer(s.Definer);
        });
        Add<DropTriggerStatement>(rules, (needs, s) => needs.Database(PrivilegeSet.Trigger, s.Name.Schema));
        Add<EventStatement>(rules, (needs, s) =>
        {
            needs.Database(PrivilegeSet.Event, s.Name.Schema);
            needs.Definer(s.Definer);
        });
        Add<DropEventStatement>(rules, (needs, s) => needs.Database(PrivilegeSet.Event, s.Name.Schema));
        Add<CallStatement>(rules, (needs, s) => needs.Call(s.Procedure));
        // Parts of a body: each statement in it is checked by itself when it runs.
        Free<BlockStatement>(rules);
        Free<DeclareVariableStatement>(rules);
        Free<DeclareConditionStatement>(rules);
        Free<DeclareCursorStatement>(rules);
        Free<DeclareHandlerStatement>(rules);
        Free<IfStatement>(rules);
        Free<CaseStatement>(rules);
        Free<LoopStatement>(rules);
        Free<WhileStatement>(rules);
        Free<RepeatStatement>(rules);
        Free<JumpStatement>(rules);
        Free<ReturnStatement>(rules);
        Free<CursorStatement>(rules);
        Free<FetchStatement>(rules);
        Free<SignalStatement>(rules);
        Free<GetDiagnosticsStatement>(rules);
    }

    private static void AddSessions(Dictionary<Type, Action<StatementNeeds, Statement>> rules)
    {
        Add<SetStatement>(rules, CheckSet);
        Add<SetTransactionStatement>(rules, (needs, s) => CheckScope(needs, s.Scope));
        Add<ResetPersistStatement>(rules, (needs, _) => CheckScope(needs, VariableScope.PersistOnly));
        Free<StartTransactionStatement>(rules);
        Free<CommitStatement>(rules);
        Free<RollbackStatement>(rules);
        Free<SavepointStatement>(rules);
        Free<RollbackToSavepointStatement>(rules);
        Free<ReleaseSavepointStatement>(rules);
        Add<XaStatement>(rules, (needs, s) =>
        {
            if (s.Verb.StartsWith("RECOVER", StringComparison.OrdinalIgnoreCase))
                needs.Dynamic("XA_RECOVER_ADMIN", PrivilegeSet.None);
        });
        Free<UseStatement>(rules);
        Free<KillStatement>(rules);
        Free<PrepareStatement>(rules);
        Free<ExecuteStatement>(rules);
        Free<DeallocateStatement>(rules);
        Add<FlushStatement>(rules, CheckFlush);
        Add<OtherStatement>(rules, (needs, _) => needs.AnyGlobal(PrivilegeSet.Super));
    }

    private static void AddAccounts(Dictionary<Type, Action<StatementNeeds, Statement>> rules)
    {
        Add<CreateUserStatement>(rules, (needs, _) => needs.AnyGlobal(PrivilegeSet.CreateUser));
        Add<AlterUserStatement>(rules, CheckAlterUser);
        Add<DropUserStatement>(rules, (needs, s) => needs.AnyGlobal(PrivilegeSet.CreateUser | (s.IsRole ? PrivilegeSet.DropRole : 0)));
        Add<RenameUserStatement>(rules, (needs, _) => needs.AnyGlobal(PrivilegeSet.CreateUser));
        Add<CreateRoleStatement>(rules, (needs, _) => needs.AnyGlobal(PrivilegeSet.CreateUser | PrivilegeSet.CreateRole));
        Add<SetPasswordStatement>(rules, (needs, s) =>
        {
            if (s.Account is not null && !needs.AreOwn([s.Account]))
                needs.AnyGlobal(PrivilegeSet.CreateUser);
            else
                needs.OwnPassword(s.Password);
        });
        Add<SetDefaultRoleStatement>(rules, (needs, s) =>
        {
            if (needs.IsAnonymous || !needs.AreOwn(s.Accounts))
                needs.AnyGlobal(PrivilegeSet.CreateUser);
        });
        Add<RevokeStatement>(rules, (needs, s) =>
        {
            if (s.Target is not null)
                return;
            needs.AnyGlobal(PrivilegeSet.CreateUser);
            if ((needs.Rights.Global & PrivilegeSet.GrantOption) == 0)
                throw AccountErrors.PrivilegeNeeded("GRANT OPTION").ToException();
        });
        // GrantExecutor and RoleExecutor ask for the very privileges and roles that are passed on.
        Free<GrantStatement>(rules);
        Free<GrantRoleStatement>(rules);
        Free<RevokeRoleStatement>(rules);
        Free<SetRoleStatement>(rules);
        Add<ProxyStatement>(rules, (needs, _) => needs.AnyGlobal(PrivilegeSet.Super));
    }

    private static void CheckAlterUser(StatementNeeds needs, AlterUserStatement statement)
    {
        // Everybody may give themselves another password and choose among their roles.
        bool isOwn = statement.Options.Length == 0 && needs.AreOwn(Array.ConvertAll(statement.Accounts, one => one.Account))
            && Array.TrueForAll(statement.Accounts, one => one.Authentication is not { Plugin: not null });
        if (!isOwn || (needs.IsAnonymous && statement.DefaultRole is not null))
        {
            needs.AnyGlobal(PrivilegeSet.CreateUser);
            return;
        }

        foreach (AccountSpecification one in statement.Accounts)
        {
            if (one.Authentication is { } given)
                needs.OwnPassword(given);
        }
    }

    private static void RequireEach(StatementNeeds needs, PrivilegeSet wanted, ObjectName[] names)
    {
        foreach (ObjectName name in names)
            needs.Table(wanted, name);
    }

    private static void RequireCreate(StatementNeeds needs, ObjectName name, bool isTemporary)
    {
        if (isTemporary)
            needs.Database(PrivilegeSet.CreateTemporaryTables, name.Schema);
        else
            needs.Table(PrivilegeSet.Create, name);
    }

    private static void CheckCreateTable(StatementNeeds needs, CreateTableStatement statement)
    {
        RequireCreate(needs, statement.Name, statement.IsTemporary);
        if (statement.Query is not null)
            needs.Table(PrivilegeSet.Insert, statement.Name);
        foreach (TableElement element in statement.Elements)
            CheckReferences(needs, statement.Name, element);
    }

    private static void CheckAlterTable(StatementNeeds needs, AlterTableStatement statement)
    {
        needs.Table(PrivilegeSet.Alter, statement.Name);
        foreach (AlterAction action in statement.Actions)
        {
            switch (action)
            {
                case RenameTableAction rename:
                    needs.Table(PrivilegeSet.Drop, statement.Name);
                    needs.Table(CreatedByRename, Beside(statement.Name, rename.NewName));
                    break;
                case AddElementAction added:
                    CheckReferences(needs, statement.Name, added.Element);
                    break;
                case AddColumnAction column:
                    CheckReferences(needs, statement.Name, column.Column);
                    break;
                case PartitionVerbAction:
                    needs.Table(PrivilegeSet.Drop, statement.Name);
                    break;
                case ExchangePartitionAction exchange:
                    needs.Table(PrivilegeSet.Alter | PrivilegeSet.Insert | PrivilegeSet.Create | PrivilegeSet.Drop, exchange.Table);
                    break;
                default:
                    break;
            }
        }
    }

    private static void CheckReferences(StatementNeeds needs, ObjectName table, TableElement element)
    {
        ForeignKeyReference? reference = element switch
        {
            ForeignKeyDefinition key => key.Reference,
            ColumnDefinition column => column.References,
            _ => null,
        };
        if (reference is not null)
            needs.Table(PrivilegeSet.References, Beside(table, reference.Table));
    }

    /// <summary>A name without a database means the one of the table that the statement is about, whichever is chosen.</summary>
    private static ObjectName Beside(ObjectName table, ObjectName name) => name.Schema is null ? name with { Schema = table.Schema } : name;

    private static void CheckSet(StatementNeeds needs, SetStatement statement)
    {
        foreach (SetItem item in statement.Items)
        {
            if (item is not SetSystemVariable variable)
                continue;
            CheckScope(needs, variable.Scope);
            // Roles for everybody are granted by who may grant them.
            if (variable.Name.Equals("mandatory_roles", StringComparison.OrdinalIgnoreCase))
                needs.Dynamic("ROLE_ADMIN");
            // What one session takes of the node's memory is the administrator's to say.
            if (variable.Scope is VariableScope.None or VariableScope.Session
                && variable.Name.Equals("p2pdb_statement_memory", StringComparison.OrdinalIgnoreCase))
            {
                needs.Dynamic("SESSION_VARIABLES_ADMIN");
            }
        }
    }

    private static void CheckScope(StatementNeeds needs, VariableScope scope)
    {
        if (scope is VariableScope.None or VariableScope.Session)
            return;
        needs.Dynamic("SYSTEM_VARIABLES_ADMIN");
        if (scope == VariableScope.PersistOnly)
            needs.Dynamic("PERSIST_RO_VARIABLES_ADMIN", PrivilegeSet.None);
    }

    private static void CheckFlush(StatementNeeds needs, FlushStatement statement)
    {
        foreach (ObjectName table in statement.Tables)
        {
            needs.Database(PrivilegeSet.LockTables, table.Schema);
            needs.Table(PrivilegeSet.Select, table);
        }

        foreach (string item in statement.Items)
        {
            string former = item switch
            {
                "PRIVILEGES" => "FLUSH_PRIVILEGES",
                "STATUS" => "FLUSH_STATUS",
                "TABLES" => "FLUSH_TABLES",
                "USER_RESOURCES" => "FLUSH_USER_RESOURCES",
                "OPTIMIZER_COSTS" => "FLUSH_OPTIMIZER_COSTS",
                _ => "",
            };
            if (former.Length > 0)
                needs.Dynamic(former, PrivilegeSet.Reload);
            else
                needs.AnyGlobal(PrivilegeSet.Reload);
        }
    }
}
