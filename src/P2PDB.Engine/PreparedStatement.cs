using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution;
using P2PDB.Engine.Execution.Statements;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Types;

namespace P2PDB.Engine;

/// <summary>A statement of one session, parsed once and planned for the types of parameters that it is given.</summary>
public sealed class PreparedStatement : IDisposable
{
    private readonly Session _session;
    private readonly StatementRunner _runner;
    private readonly Statement _statement;
    private readonly byte[] _text;
    private readonly SqlType[] _types;
    private readonly SqlValue[] _values;
    private CompiledStatement? _plan;
    private NodeSchema? _schema;
    private string? _chosen;
    private int _settings;

    internal PreparedStatement(Session session, StatementRunner runner, Statement statement, byte[] text)
    {
        Dispatch.RefuseUnpreparable(statement);
        _session = session;
        _runner = runner;
        _statement = statement;
        _text = text;
        _types = new SqlType[statement.ParameterCount];
        _values = new SqlValue[statement.ParameterCount];
        for (int i = 0; i < _types.Length; i++)
            _types[i] = SqlType.VarChar(255);
        if (Dispatch.IsPlanned(statement))
            ColumnArray = _runner.Compile(statement, _types).Columns;
    }

    /// <summary>How many ? there are.</summary>
    public int ParameterCount => _types.Length;

    /// <summary>Columns of its result set, as far as they are known before it runs; none where it gives none.</summary>
    public ReadOnlySpan<ResultColumn> Columns => ColumnArray;

    private ResultColumn[] ColumnArray { get; set; } = [];

    /// <summary>Runs it. The set holds as many values as there are parameters and stays unchanged meanwhile.</summary>
    public void Execute(ParameterSet parameters, ResultSink sink)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _session.State.Counters.Add(StatusCounter.ComStmtExecute);
        if (parameters.Count < ParameterCount)
        {
            _runner.Fail(SqlErrors.WrongArguments("mysqld_stmt_execute"), sink);
            return;
        }

        if (!Dispatch.IsPlanned(_statement))
        {
            for (int i = 0; i < _values.Length; i++)
                _values[i] = ParameterValues.Read(parameters, i);
            _session.State.Evaluation.Parameters = _values;
            _runner.Run(_statement, _text, sink, isLast: true);
            return;
        }

        try
        {
            Take(parameters);
        }
        catch (SqlException exception)
        {
            _runner.Fail(exception.Error, sink);
            return;
        }

        _session.State.Evaluation.Parameters = _values;
        _runner.Run(_plan!, _text, sink);
    }

    /// <inheritdoc/>
    public void Dispose() => _plan = null;

    /// <summary>Takes the values over, and plans anew where their types, the catalog or the settings are others.</summary>
    private void Take(ParameterSet parameters)
    {
        bool isFresh = _plan is not null && _runner.IsWorthKeeping(_plan);
        for (int i = 0; i < _values.Length; i++)
        {
            _values[i] = ParameterValues.Read(parameters, i);
            if (_values[i].IsNull)
                continue;
            // A longer text is no other type.
            if (_types[i].Kind != _values[i].Type.Kind || _types[i].IsUnsigned != _values[i].Type.IsUnsigned
                || _types[i].Scale != _values[i].Type.Scale)
            {
                _types[i] = _values[i].Type;
                isFresh = false;
            }
        }

        SessionState state = _session.State;
        state.ApplySettings();
        NodeSchema schema = state.Node.Transactions.CurrentSchema;
        if (isFresh && ReferenceEquals(schema, _schema) && ReferenceEquals(state.Rights, _plan!.Rights) && _chosen == state.Schema
            && _settings == state.Variables.Version)
        {
            return;
        }

        _plan = _runner.Compile(_statement, [.. _types], parameterValues: _values);
        _schema = schema;
        _chosen = state.Schema;
        _settings = state.Variables.Version;
    }
}
