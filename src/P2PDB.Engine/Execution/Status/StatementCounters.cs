using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Execution.Status;

/// <summary>Under which of MySQL's Com_ variables statements count.</summary>
internal static class StatementCounters
{
    /// <summary>The counter of a statement; null for those that have none here, such as SHOW.</summary>
    public static StatusCounter? Of(Statement statement) => statement switch
    {
        SelectStatement => StatusCounter.ComSelect,
        InsertStatement { IsReplace: true } s => s.Query is null ? StatusCounter.ComReplace : StatusCounter.ComReplaceSelect,
        InsertStatement s => s.Query is null ? StatusCounter.ComInsert : StatusCounter.ComInsertSelect,
        UpdateStatement s => s.Tables is [NamedTable] ? StatusCounter.ComUpdate : StatusCounter.ComUpdateMulti,
        DeleteStatement s => s.Targets.Length == 0 ? StatusCounter.ComDelete : StatusCounter.ComDeleteMulti,
        LoadDataStatement => StatusCounter.ComLoad,
        StartTransactionStatement => StatusCounter.ComBegin,
        CommitStatement => StatusCounter.ComCommit,
        RollbackStatement => StatusCounter.ComRollback,
        SavepointStatement => StatusCounter.ComSavepoint,
        RollbackToSavepointStatement => StatusCounter.ComRollbackToSavepoint,
        ReleaseSavepointStatement => StatusCounter.ComReleaseSavepoint,
        SetStatement or SetTransactionStatement => StatusCounter.ComSetOption,
        UseStatement => StatusCounter.ComChangeDb,
        CreateTableStatement or CreateTableLikeStatement => StatusCounter.ComCreateTable,
        AlterTableStatement => StatusCounter.ComAlterTable,
        DropTableStatement => StatusCounter.ComDropTable,
        RenameTableStatement => StatusCounter.ComRenameTable,
        TruncateTableStatement => StatusCounter.ComTruncate,
        CreateIndexStatement => StatusCounter.ComCreateIndex,
        DropIndexStatement => StatusCounter.ComDropIndex,
        CreateDatabaseStatement => StatusCounter.ComCreateDb,
        AlterDatabaseStatement => StatusCounter.ComAlterDb,
        DropDatabaseStatement => StatusCounter.ComDropDb,
        PrepareStatement => StatusCounter.ComPrepareSql,
        ExecuteStatement => StatusCounter.ComExecuteSql,
        DeallocateStatement => StatusCounter.ComDeallocSql,
        CallStatement => StatusCounter.ComCallProcedure,
        DoStatement => StatusCounter.ComDo,
        ExplainStatement => StatusCounter.ComExplainOther,
        FlushStatement => StatusCounter.ComFlush,
        KillStatement => StatusCounter.ComKill,
        LockTablesStatement => StatusCounter.ComLockTables,
        UnlockTablesStatement => StatusCounter.ComUnlockTables,
        _ => null,
    };
}
