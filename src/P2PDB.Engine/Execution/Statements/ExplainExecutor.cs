using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>EXPLAIN: the scans of the plan in MySQL's columns, or the plan as a tree; EXPLAIN ANALYZE runs it and shows what it did.</summary>
internal static class ExplainExecutor
{
    /// <summary>EXPLAIN.</summary>
    public static StatementResult Explain(
        StatementContext context, StatementRunner runner, ExplainStatement statement, ResultSink sink)
    {
        if (statement.Target is not SelectStatement select)
            throw SqlErrors.NotSupportedYet("EXPLAIN of this statement").ToException();
        var query = (CompiledQuery)runner.Compile(select, [], isExplained: true);
        if (!statement.IsAnalyze && !"TREE".Equals(statement.Format, StringComparison.OrdinalIgnoreCase))
            return RowsAnswer.Send(context, sink, PlanTable.Columns, PlanTable.Of(query.Plan));

        PlanMeasures? measures = statement.IsAnalyze ? Measure(context, query.Plan) : null;
        RelationColumn[] column = [Columns.LongText("EXPLAIN")];
        var tree = new VirtualRows(1);
        tree.Add(PlanTree.Of(query.Plan, measures));
        return RowsAnswer.Send(context, sink, column, tree);
    }

    /// <summary>Runs a plan to its end, for its measures alone.</summary>
    private static PlanMeasures Measure(StatementContext context, PlanNode plan)
    {
        var measures = new PlanMeasures(context.Node.Clock);
        context.Measures = measures;
        Operator root = OperatorBuilder.Build(plan, measures);
        try
        {
            root.Open(context);
            while (root.Next() is not null)
                context.ThrowIfStopped();
        }
        finally
        {
            root.Close();
            context.Measures = null;
        }

        return measures;
    }
}
