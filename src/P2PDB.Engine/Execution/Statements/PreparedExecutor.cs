using System.Text;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Sql;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>PREPARE, EXECUTE and DEALLOCATE as statements.</summary>
internal static class PreparedExecutor
{
    /// <summary>PREPARE.</summary>
    public static StatementResult Prepare(StatementContext context, StatementRunner runner, PrepareStatement statement)
    {
        SqlValue text = Compiler.Evaluate(context, statement.Text);
        string sql = text.IsNull ? "" : Encoding.UTF8.GetString(text.Bytes.Span);
        context.Session.PreparedTexts.Remove(statement.Name);
        byte[] bytes = Encoding.UTF8.GetBytes(sql);
        Statement parsed = Parser.Parse(bytes, runner.ParseOptions, out int consumed);
        if (!Parser.IsBlank(bytes.AsSpan(consumed)))
            throw SqlErrors.ParseError(Encoding.UTF8.GetString(bytes.AsSpan(consumed)), 1).ToException();
        Dispatch.RefuseUnpreparable(parsed);
        context.Session.PreparedTexts[statement.Name] = new PreparedText(sql, parsed);
        return new StatementResult { Message = StatementMessage.Text("Statement prepared") };
    }

    /// <summary>EXECUTE.</summary>
    public static StatementResult Execute(
        StatementContext context, StatementRunner runner, ExecuteStatement statement, ResultSink sink)
    {
        if (!context.Session.PreparedTexts.TryGetValue(statement.Name, out PreparedText? prepared))
            throw SqlErrors.UnknownStatementHandler(statement.Name, "EXECUTE").ToException();
        if (prepared.Statement.ParameterCount != statement.Variables.Length)
            throw SqlErrors.WrongArguments("EXECUTE").ToException();
        if (StatementCounters.Of(prepared.Statement) is { } counter)
            context.Session.Counters.Add(counter);
        EvaluationContext evaluation = context.Evaluation;
        var values = new SqlValue[statement.Variables.Length];
        var types = new SqlType[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = context.Session.GetUserVariable(statement.Variables[i]);
            types[i] = values[i].Type;
        }

        evaluation.Parameters = values;
        if (!Dispatch.IsPlanned(prepared.Statement))
            return Dispatch.Execute(context, runner, prepared.Statement, sink);
        return runner.Compile(prepared.Statement, types, parameterValues: values).Execute(context, sink);
    }

    /// <summary>DEALLOCATE PREPARE.</summary>
    public static StatementResult Deallocate(StatementContext context, DeallocateStatement statement) =>
        context.Session.PreparedTexts.Remove(statement.Name)
            ? StatementResult.Done
            : throw SqlErrors.UnknownStatementHandler(statement.Name, "DEALLOCATE PREPARE").ToException();
}
