using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>KILL and DO.</summary>
internal static class SessionExecutor
{
    /// <summary>KILL.</summary>
    public static StatementResult Kill(StatementContext context, KillStatement statement)
    {
        SqlValue id = Compiler.Evaluate(context, statement.Id);
        SessionState session = context.Node.FindSession((uint)id.Int64)
            ?? throw SqlErrors.NoSuchThread((ulong)id.Int64).ToException();
        context.Session.RequireKill(session.ConnectionId, session);
        session.Kill(connection: !statement.IsQuery);
        if (ReferenceEquals(session, context.Session))
            throw SqlErrors.QueryInterrupted().ToException();
        return StatementResult.Done;
    }

    /// <summary>DO: evaluates and forgets.</summary>
    public static StatementResult Do(StatementContext context, DoStatement statement)
    {
        foreach (SelectItem item in statement.Items)
            Compiler.Evaluate(context, item.Expression!);
        return StatementResult.Done;
    }
}
