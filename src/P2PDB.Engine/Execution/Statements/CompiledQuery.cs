using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>SELECT and what is like it: gives out the rows of a plan, or puts the one row of SELECT … INTO in variables.</summary>
internal sealed class CompiledQuery : CompiledStatement
{
    private readonly PlannedQuery _planned;
    private readonly Operator _root;
    private readonly IntoClause? _into;

    private CompiledQuery(PlannedQuery planned, IntoClause? into, bool locks)
    {
        _planned = planned;
        _root = OperatorBuilder.Build(planned.Root);
        _into = into;
        Columns = ResultColumns.Of(planned);
        ChangesRows = locks;
    }

    /// <inheritdoc/>
    public override ResultColumn[] Columns { get; }

    /// <inheritdoc/>
    public override bool ChangesRows { get; }

    /// <summary>The plan, for EXPLAIN.</summary>
    public PlanNode Plan => _planned.Root;

    /// <summary>Plans a query.</summary>
    public static CompiledQuery Compile(BindingContext binding, SelectStatement statement)
    {
        PlannedQuery planned = new QueryPlanner(binding).Plan(statement.Query, null);
        IntoClause? into = statement.Query.Into;
        if (into is { File: not null })
            throw SqlErrors.NotSupportedYet("SELECT … INTO a file").ToException();
        return new CompiledQuery(planned, into, statement.Query.Locking.Length > 0);
    }

    /// <inheritdoc/>
    public override StatementResult Execute(StatementContext context, ResultSink sink)
    {
        if (_into is not null)
            return FillVariables(context, _into);

        bool hasBegun = false;
        ulong rows = 0;
        try
        {
            _root.Open(context);
            while (_root.Next() is { } batch)
            {
                context.ThrowIfStopped();
                if (!hasBegun)
                    sink.Columns(Columns);
                hasBegun = context.HasAnswered = true;
                rows += (ulong)batch.SelectedCount;
                sink.Rows(batch);
                if (sink.IsClosed)
                    break;
            }
        }
        finally
        {
            _root.Close();
        }

        if (!hasBegun)
            sink.Columns(Columns);
        context.HasAnswered = true;
        context.Session.FoundRowCount = (long)(_planned.Root is LimitNode { CountsAll: true } ? context.FoundRows : rows);
        return StatementResult.Rows;
    }

    private StatementResult FillVariables(StatementContext context, IntoClause into)
    {
        if (into.Variables.Length != Columns.Length)
            throw new SqlException(new SqlError(1222, "21000", "The used SELECT statements have a different number of columns"));
        ulong rows = 0;
        try
        {
            _root.Open(context);
            while (_root.Next() is { } batch)
            {
                for (int i = 0; i < batch.SelectedCount; i++)
                {
                    if (++rows > 1)
                        throw SqlErrors.TooManyRows().ToException();
                    for (int column = 0; column < Columns.Length; column++)
                    {
                        if (into.Variables[column] is not UserVariableNode variable)
                            throw SqlErrors.NotSupportedYet("SELECT … INTO this target").ToException();
                        context.Session.SetUserVariable(
                            variable.Name, SqlValue.FromVector(batch.Column(column), batch.RowAt(i)));
                    }
                }
            }
        }
        finally
        {
            _root.Close();
        }

        if (rows == 0)
            context.Evaluation.Warn(new SqlError(1329, "02000", "No data - zero rows fetched, selected, or processed"));
        return new StatementResult { AffectedRows = rows };
    }
}
