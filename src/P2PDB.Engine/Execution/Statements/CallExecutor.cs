using System.Text;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>CALL of the procedures that the node offers.</summary>
internal static class CallExecutor
{
    /// <summary>CALL.</summary>
    public static StatementResult Call(StatementContext context, CallStatement statement, ResultSink sink)
    {
        string schema = context.SchemaOrChosen(statement.Procedure.Schema);
        string name = $"{schema}.{statement.Procedure.Name}";
        BuiltInProcedure? procedure = schema.Equals("p2pdb", StringComparison.OrdinalIgnoreCase)
            ? context.Node.Procedures.Find(statement.Procedure.Name) : null;
        if (procedure is null)
            throw SqlErrors.RoutineDoesNotExist("PROCEDURE", name).ToException();
        int given = statement.Arguments.Length;
        if (given < procedure.ArgumentCountMin || given > procedure.ArgumentCountMax)
            throw SqlErrors.WrongArgumentCount("PROCEDURE", name, procedure.ArgumentCountMin, given).ToException();

        string?[] arguments = new string?[given];
        for (int i = 0; i < given; i++)
        {
            SqlValue value = Compiler.Evaluate(context, statement.Arguments[i]);
            arguments[i] = value.IsNull ? null : TextOf(context.Evaluation, value);
        }

        IReadOnlyList<object?[]> results = procedure.Run(context.Session, arguments);
        if (procedure.Columns.Length == 0)
            return StatementResult.Done;
        var rows = new VirtualRows(procedure.Columns.Length);
        foreach (object?[] row in results)
            rows.Add(row);
        return RowsAnswer.Send(context, sink, procedure.Columns, rows);
    }

    private static string TextOf(EvaluationContext evaluation, SqlValue value)
    {
        var vector = new ColumnVector(value.Type, 1);
        value.CopyTo(vector, 0);
        return Encoding.UTF8.GetString(Conversion.ToText(evaluation, vector, 0));
    }
}
