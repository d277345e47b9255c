using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>BEGIN, COMMIT, ROLLBACK and savepoints.</summary>
internal static class TransactionExecutor
{
    /// <summary>START TRANSACTION; an open one was committed before.</summary>
    public static StatementResult Start(StatementContext context, StartTransactionStatement statement)
    {
        bool isReadOnly = statement.IsReadOnly ?? context.Session.Variables.GetBoolean("transaction_read_only");
        context.Transaction.Begin(isReadOnly, IsReadCommitted(context));
        if (statement.WithConsistentSnapshot)
            context.Transaction.SnapshotView();
        return StatementResult.Done;
    }

    /// <summary>COMMIT.</summary>
    public static StatementResult Commit(StatementContext context, StatementRunner runner, CommitStatement statement)
    {
        runner.Commit(context.Transaction);
        End(context, statement.Chain, statement.Release);
        return StatementResult.Done;
    }

    /// <summary>ROLLBACK.</summary>
    public static StatementResult Rollback(StatementContext context, RollbackStatement statement)
    {
        context.Transaction.Rollback();
        End(context, statement.Chain, statement.Release);
        return StatementResult.Done;
    }

    /// <summary>SAVEPOINT.</summary>
    public static StatementResult Set(StatementContext context, string name)
    {
        Transaction transaction = context.Transaction;
        if (!transaction.IsOpen && context.Session.IsAutoCommit)
            return StatementResult.Done;   // MySQL takes it and forgets it with the statement.
        if (!transaction.IsOpen)
            transaction.Begin(isReadOnly: false, IsReadCommitted(context));
        transaction.SetSavepoint(name);
        return StatementResult.Done;
    }

    /// <summary>ROLLBACK TO.</summary>
    public static StatementResult RollbackTo(StatementContext context, string name) => context.Transaction.RollbackTo(name)
        ? StatementResult.Done : throw SqlErrors.SavepointDoesNotExist(name).ToException();

    /// <summary>RELEASE SAVEPOINT.</summary>
    public static StatementResult Release(StatementContext context, string name) => context.Transaction.ReleaseSavepoint(name)
        ? StatementResult.Done : throw SqlErrors.SavepointDoesNotExist(name).ToException();

    /// <summary>SET TRANSACTION.</summary>
    public static StatementResult SetTransaction(StatementContext context, SetTransactionStatement statement)
    {
        if (context.Transaction.IsOpen && statement.Scope == VariableScope.None)
            throw SqlErrors.CannotChangeInTransaction().ToException();
        if (statement.Isolation is { } isolation)
        {
            string text = isolation switch
            {
                IsolationLevel.ReadUncommitted => "READ-UNCOMMITTED",
                IsolationLevel.ReadCommitted => "READ-COMMITTED",
                IsolationLevel.Serializable => "SERIALIZABLE",
                _ => "REPEATABLE-READ",
            };
            Store(context, statement.Scope, "transaction_isolation", text);
        }

        if (statement.IsReadOnly is { } isReadOnly)
            Store(context, statement.Scope, "transaction_read_only", isReadOnly ? "ON" : "OFF");
        return StatementResult.Done;
    }

    private static void Store(StatementContext context, VariableScope scope, string name, string value)
    {
        if (scope == VariableScope.Global)
            context.Node.Globals.Set(name, value);
        else
            context.Session.Variables.Set(name, value);
    }

    private static bool IsReadCommitted(StatementContext context) =>
        context.Session.Variables.Get("transaction_isolation") is "READ-COMMITTED" or "READ-UNCOMMITTED";

    private static void End(StatementContext context, bool? chain, bool? release)
    {
        if (chain == true)
            context.Transaction.Begin(isReadOnly: false, IsReadCommitted(context));
        if (release == true)
            context.Session.Kill(connection: true);
    }
}
