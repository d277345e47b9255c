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
        context.Session.BeginTransaction(statement.IsReadOnly);
        // Elsewhere a statement's own view replaces it, as in MySQL.
        if (statement.WithConsistentSnapshot && context.Transaction.Isolation == IsolationLevel.RepeatableRead)
            context.Transaction.SnapshotView();
        return StatementResult.Done;
    }

    /// <summary>COMMIT.</summary>
    public static StatementResult Commit(StatementContext context, StatementRunner runner, CommitStatement statement)
    {
        (bool isReadOnly, IsolationLevel isolation) = (context.Transaction.IsReadOnly, context.Transaction.Isolation);
        runner.Commit(context.Transaction);
        End(context, statement.Chain, statement.Release, isReadOnly, isolation);
        return StatementResult.Done;
    }

    /// <summary>ROLLBACK.</summary>
    public static StatementResult Rollback(StatementContext context, RollbackStatement statement)
    {
        (bool isReadOnly, IsolationLevel isolation) = (context.Transaction.IsReadOnly, context.Transaction.Isolation);
        context.Transaction.Rollback();
        End(context, statement.Chain, statement.Release, isReadOnly, isolation);
        return StatementResult.Done;
    }

    /// <summary>SAVEPOINT.</summary>
    public static StatementResult Set(StatementContext context, string name)
    {
        Transaction transaction = context.Transaction;
        if (!transaction.IsOpen && context.Session.IsAutoCommit)
            return StatementResult.Done;   // MySQL takes it and forgets it with the statement.
        if (!transaction.IsOpen)
            context.Session.BeginTransaction();
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
        if (statement.Scope == VariableScope.None)
        {
            context.Session.NextIsolation = statement.Isolation ?? context.Session.NextIsolation;
            context.Session.NextIsReadOnly = statement.IsReadOnly ?? context.Session.NextIsReadOnly;
            return StatementResult.Done;
        }

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

    /// <summary>AND CHAIN begins the next one with the level and the access mode of the one that ends.</summary>
    private static void End(StatementContext context, bool? chain, bool? release, bool isReadOnly, IsolationLevel isolation)
    {
        if (chain == true)
            context.Transaction.Begin(isReadOnly, isolation);
        if (release == true)
            context.Session.Kill(connection: true);
    }
}
