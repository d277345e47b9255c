using P2PDB.Engine.Execution.Access;
using P2PDB.Engine.Execution.Accounts;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Accounts;
using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>Which executor runs which kind of statement.</summary>
internal static class Dispatch
{
    private static readonly SqlError NotPreparable = new(1295, "HY000", "This command is not supported in the prepared statement protocol yet");

    /// <summary>True for statements that are planned: they begin a transaction where autocommit is off.</summary>
    public static bool IsPlanned(Statement statement) =>
        statement is SelectStatement or InsertStatement or UpdateStatement or DeleteStatement or LoadDataStatement;

    /// <summary>Error 1295 for a statement that cannot be prepared.</summary>
    public static void RefuseUnpreparable(Statement statement)
    {
        if (statement is LoadDataStatement or PrepareStatement or ExecuteStatement or DeallocateStatement)
            throw NotPreparable.ToException();
    }

    /// <summary>True for statements before and after which MySQL commits.</summary>
    public static bool CommitsImplicitly(Statement statement) => statement is CreateTableStatement or CreateTableLikeStatement
        or DropTableStatement or AlterTableStatement or RenameTableStatement or TruncateTableStatement or CreateIndexStatement
        or DropIndexStatement or CreateDatabaseStatement or DropDatabaseStatement or AlterDatabaseStatement or LockTablesStatement
        or CreateViewStatement or DropViewStatement or FlushStatement or StartTransactionStatement or CreateUserStatement or AlterUserStatement
        or DropUserStatement or RenameUserStatement or CreateRoleStatement or SetPasswordStatement or GrantStatement or RevokeStatement
        or GrantRoleStatement or RevokeRoleStatement or SetDefaultRoleStatement;

    /// <summary>Runs a statement that has no plan, for a session that may.</summary>
    public static StatementResult Execute(StatementContext context, StatementRunner runner, Statement statement, ResultSink sink)
    {
        StatementRules.Check(context, statement);
        switch (statement)
        {
            case CreateDatabaseStatement s: return DatabaseExecutor.Create(context, s);
            case DropDatabaseStatement s: return DatabaseExecutor.Drop(context, s);
            case AlterDatabaseStatement s: return DatabaseExecutor.Alter(context, s);
            case UseStatement s: return DatabaseExecutor.Use(context, s.Schema);
            case CreateTableStatement s: return DefinitionExecutor.CreateTable(context, runner, s, sink);
            case CreateTableLikeStatement s: return DefinitionExecutor.CreateTableLike(context, s);
            case DropTableStatement s: return DefinitionExecutor.DropTable(context, s);
            case AlterTableStatement s: return AlterExecutor.Alter(context, s);
            case RenameTableStatement s: return DefinitionExecutor.RenameTable(context, s);
            case TruncateTableStatement s: return DefinitionExecutor.Truncate(context, s);
            case CreateIndexStatement s: return DefinitionExecutor.CreateIndex(context, s);
            case DropIndexStatement s: return DefinitionExecutor.DropIndex(context, s);
            case CreateViewStatement s: return ViewExecutor.Create(context, s);
            case DropViewStatement s: return ViewExecutor.Drop(context, s);
            case SetStatement s: return SetExecutor.Set(context, runner, s);
            case SetTransactionStatement s: return TransactionExecutor.SetTransaction(context, s);
            case StartTransactionStatement s: return TransactionExecutor.Start(context, s);
            case CommitStatement s: return TransactionExecutor.Commit(context, runner, s);
            case RollbackStatement s: return TransactionExecutor.Rollback(context, s);
            case SavepointStatement s: return TransactionExecutor.Set(context, s.Name);
            case RollbackToSavepointStatement s: return TransactionExecutor.RollbackTo(context, s.Name);
            case ReleaseSavepointStatement s: return TransactionExecutor.Release(context, s.Name);
            case ShowStatement s: return ShowExecutor.Show(context, s, sink);
            case DescribeStatement s: return ShowExecutor.Describe(context, s, sink);
            case ExplainStatement s: return ExplainExecutor.Explain(context, runner, s, sink);
            case KillStatement s: return SessionExecutor.Kill(context, s);
            case DoStatement s: return SessionExecutor.Do(context, s);
            case PrepareStatement s: return PreparedExecutor.Prepare(context, runner, s);
            case ExecuteStatement s: return PreparedExecutor.Execute(context, runner, s, sink);
            case DeallocateStatement s: return PreparedExecutor.Deallocate(context, s);
            case CallStatement s: return CallExecutor.Call(context, s, sink);
            case TableMaintenanceStatement s: return MaintenanceExecutor.Maintain(context, s, sink);
            case CreateUserStatement s: return AccountExecutor.Create(context, s, sink);
            case AlterUserStatement s: return AccountExecutor.Alter(context, s, sink);
            case DropUserStatement s: return AccountExecutor.Drop(context, s);
            case RenameUserStatement s: return AccountExecutor.Rename(context, s);
            case CreateRoleStatement s: return AccountExecutor.CreateRole(context, s);
            case SetPasswordStatement s: return AccountExecutor.SetPassword(context, s, sink);
            case GrantStatement s: return GrantExecutor.Grant(context, s);
            case RevokeStatement s: return GrantExecutor.Revoke(context, s);
            case GrantRoleStatement s: return RoleExecutor.Grant(context, s);
            case RevokeRoleStatement s: return RoleExecutor.Revoke(context, s);
            case SetRoleStatement s: return RoleExecutor.Set(context, s);
            case SetDefaultRoleStatement s: return RoleExecutor.SetDefault(context, s);
            case FlushStatement s: return AccountExecutor.Flush(context, s);
            case LockTablesStatement or UnlockTablesStatement: return StatementResult.Done;
            default:
                throw SqlErrors.NotSupportedYet(
                    statement.GetType().Name.Replace("Statement", "", StringComparison.Ordinal)).ToException();
        }
    }
}
