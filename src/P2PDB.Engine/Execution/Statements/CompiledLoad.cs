using P2PDB.Engine.Accounts;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Changes;
using P2PDB.Engine.Execution.Loading;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>
/// LOAD DATA: rows from the lines of a file, of the server or, with LOCAL, of the client. With LOCAL what does not fit is a warning, as
/// with IGNORE: the client sends its file to the end in any case.
/// </summary>
internal sealed class CompiledLoad : CompiledStatement
{
    private readonly LoadDataStatement _statement;
    private readonly LoadFormat _format;
    private readonly TableSchema _table;
    private readonly RowInsertion _insertion;
    private readonly Target[] _targets;
    private readonly (int Ordinal, Expression Value)[] _assignments;
    private readonly int[] _defaulted;
    private readonly Expression?[] _now;
    private readonly ColumnVector _text = new(SqlType.LongText(), 1);
    private readonly ColumnVector _bytes = new(SqlType.LongBlob, 1);
    private readonly bool _isBinary;

    private CompiledLoad(StatementContext context, BindingContext binding, LoadDataStatement statement)
    {
        Refuse(statement);
        _statement = statement;
        _format = LoadFormat.Of(statement.Format, (binding.Mode & SqlMode.NoBackslashEscapes) == 0);
        _isBinary = CharacterSetOf(statement) == "binary";
        WrittenRow written = RowInsertion.BindTable(context, binding, statement.Table, "LOAD");
        _table = written.Table;
        _insertion = new RowInsertion(context, binding, written)
        {
            Replaces = statement.IsReplace,
            Ignores = statement.IsIgnore || statement.IsLocal,
        };
        _targets = BindTargets(context, written);
        ExpressionBinder binder = _insertion.MakeBinder(binding);
        _assignments = Array.ConvertAll(statement.Assignments, assignment => Bind(assignment, written, binder));
        foreach (Target target in _targets)
        {
            if (target.Ordinal >= 0)
                written.Require(PrivilegeSet.Insert, [target.Ordinal]);
        }

        written.Require(PrivilegeSet.Insert, Array.ConvertAll(_assignments, static one => one.Ordinal));
        if (statement.IsReplace)
            written.Require(PrivilegeSet.Delete);
        _insertion.BindChecks(binder);
        _defaulted = _insertion.OthersThan(
            [.. Array.ConvertAll(_targets, static target => target.Ordinal), .. Array.ConvertAll(_assignments, static one => one.Ordinal)]);
        _now = new Expression?[_table.Columns.Length];
        foreach (ColumnSchema column in _table.Columns)
        {
            if (column.Type.Kind == SqlTypeKind.Timestamp && !column.IsNullable)
                _now[column.Ordinal] = ColumnDefaults.Now(column.Type);
        }
    }

    /// <summary>Where the next field of a line goes: a column by its ordinal, or a user variable.</summary>
    private readonly record struct Target(int Ordinal, string? Variable);

    /// <summary>Plans it.</summary>
    public static CompiledLoad Compile(StatementContext context, BindingContext binding, LoadDataStatement statement) =>
        new(context, binding, statement);

    /// <inheritdoc/>
    public override StatementResult Execute(StatementContext context, ResultSink sink)
    {
        using Stream file = OpenFile(context, sink);
        using var reader = new FieldReader(file, _format, context.Evaluation.PacketLengthMax);
        _insertion.Begin(scansTables: Scans.Length > 0);
        try
        {
            Load(context, reader);
        }
        catch (IOException failure) when (failure is not DiskFullException)
        {
            throw (_statement.IsLocal ? LoadErrors.ReadFailed : LoadErrors.CannotRead(failure.Message)).ToException();
        }

        _insertion.KeepInsertId();
        StatementMessage message = StatementMessage.Loaded(
            _insertion.Records, _insertion.Removed, _insertion.Records - _insertion.Inserts, context.Evaluation.Diagnostics.TotalCount);
        return new StatementResult { AffectedRows = _insertion.Affected, LastInsertId = _insertion.FirstGenerated, Message = message };
    }

    private static void Refuse(LoadDataStatement statement)
    {
        if (statement.IsXml)
            throw SqlErrors.NotSupportedYet("LOAD XML").ToException();
        if (statement.Partitions.Length > 0)
            throw SqlErrors.NotSupportedYet("PARTITION").ToException();
        if (CharacterSetOf(statement) is not ("default" or "utf8mb4" or "utf8mb3" or "utf8" or "ascii" or "binary"))
            throw SqlErrors.NotSupportedYet("LOAD DATA of CHARACTER SET " + statement.CharacterSet).ToException();
    }

    private static string CharacterSetOf(LoadDataStatement statement) => statement.CharacterSet?.ToLowerInvariant() ?? "default";

    private Target[] BindTargets(StatementContext context, WrittenRow written)
    {
        if (_statement.Targets.Length == 0)
            return Array.ConvertAll(written.InsertedOrdinals()!, static ordinal => new Target(ordinal, null));
        return Array.ConvertAll(_statement.Targets, node =>
        {
            if (node is not UserVariableNode variable)
                return new Target(written.OrdinalOf(((ColumnNode)node).Name), null);
            // Whatever it was, it is a text from the first line on: expressions that read it are bound for that.
            context.Session.SetUserVariable(variable.Name, SqlValue.Null);
            return new Target(-1, variable.Name);
        });
    }

    private (int Ordinal, Expression Value) Bind(Assignment assignment, WrittenRow written, ExpressionBinder binder)
    {
        int ordinal = written.OrdinalOf(assignment.Column.Name);
        return (ordinal, assignment.Value is DefaultNode { Column: null }
            ? _insertion.Defaults.ExpressionOf(ordinal)
            : ColumnAssignment.SourceFor(_table.Columns[ordinal].Type, binder.Bind(assignment.Value)));
    }

    private Stream OpenFile(StatementContext context, ResultSink sink)
    {
        if (!_statement.IsLocal)
            return ServerFile.Open(_statement.File, context.Node.Globals.Get("secure_file_priv"));
        if (context.Node.Globals.Get("local_infile") is not ("ON" or "1"))
            throw LoadErrors.LocalDisabled.ToException();
        return sink.OpenClientFile(_statement.File) ?? throw LoadErrors.LocalDisabled.ToException();
    }

    private void Load(StatementContext context, FieldReader reader)
    {
        bool goesOn = true;
        for (ulong skipped = 0; goesOn && skipped < _statement.SkippedLines; skipped++)
        {
            context.ThrowIfStopped();
            goesOn = SkipLine(reader);
        }

        while (goesOn && reader.TryReadField(out ReadOnlySpan<byte> field, out bool isNull))
        {
            LoadRow(context, reader, field, isNull);
            goesOn = reader.NextLine();
            if (goesOn && reader.WasLineCut)
                context.Evaluation.WarnOrFail(LoadErrors.TooManyFields(context.Evaluation.RowNumber));
        }
    }

    private bool SkipLine(FieldReader reader)
    {
        // Where no terminator ends a line, its last column does.
        for (int i = 0; _format.LineTerminator.Length == 0 && i < _targets.Length; i++)
        {
            if (!reader.TryReadField(out _, out _))
                break;
        }

        return reader.NextLine();
    }

    private void LoadRow(StatementContext context, FieldReader reader, ReadOnlySpan<byte> field, bool isNull)
    {
        _insertion.BeginRow(_defaulted);
        foreach ((int ordinal, _) in _assignments)
            _insertion.Defaults.StoreUnassigned(context.Evaluation, ordinal, _insertion.Columns);
        bool isThere = true;
        for (int i = 0; i < _targets.Length; i++)
        {
            if (isThere && i > 0)
                isThere = reader.TryReadField(out field, out isNull);
            if (!isThere)
                StoreMissing(context, _targets[i]);
            else if (isNull)
                StoreNull(context, _targets[i]);
            else
                Store(context, _targets[i], field);
        }

        foreach ((int ordinal, Expression value) in _assignments)
        {
            ColumnVector computed = context.Evaluation.RentValue(value, _insertion.Columns);
            _insertion.Assign(ordinal, computed, 0);
            context.Evaluation.Return();
        }

        _insertion.WriteRow();
    }

    private void Store(StatementContext context, Target target, ReadOnlySpan<byte> field)
    {
        // Malformed text is bytes to the column, which says what it thinks of them.
        bool isText = !_isBinary && System.Text.Unicode.Utf8.IsValid(field);
        if (target.Variable is { } variable)
        {
            SqlType type = isText ? SqlType.LongText() : SqlType.LongBlob;
            context.Session.SetUserVariable(variable, SqlValue.FromBytes(type, field.ToArray()));
            return;
        }

        ColumnVector value = isText ? _text : _bytes;
        value.Reset(value.Type);
        value.SetBytes(0, field);
        _insertion.Assign(target.Ordinal, value, 0);
    }

    private void StoreNull(StatementContext context, Target target)
    {
        if (target.Variable is { } variable)
        {
            context.Session.SetUserVariable(variable, SqlValue.Null);
            return;
        }

        ColumnSchema column = _table.Columns[target.Ordinal];
        if (column.IsNullable || column.IsAutoIncrement)
        {
            _text.Reset(_text.Type);
            _text.SetNull(0);
            _insertion.Assign(target.Ordinal, _text, 0);
            return;
        }

        if (!TryStoreNow(context, target.Ordinal))
        {
            context.Evaluation.WarnOrFail(LoadErrors.NullToNotNull(column.Name, context.Evaluation.RowNumber));
            ColumnAssignment.ImplicitDefault(column.Type).CopyTo(_insertion.Columns.Column(target.Ordinal), 0);
        }
    }

    /// <summary>A column whose field the line lacks is NULL where that is its default; its default counts for nothing else.</summary>
    private void StoreMissing(StatementContext context, Target target)
    {
        if (target.Variable is { } variable)
        {
            context.Session.SetUserVariable(variable, SqlValue.Null);
            return;
        }

        context.Evaluation.WarnOrFail(LoadErrors.TooFewFields(context.Evaluation.RowNumber));
        ColumnSchema column = _table.Columns[target.Ordinal];
        ColumnVector stored = _insertion.Columns.Column(target.Ordinal);
        if (column.IsNullable && column.Default.Kind is DefaultKind.None or DefaultKind.Null)
            stored.SetNull(0);
        else if (!TryStoreNow(context, target.Ordinal))
            ColumnAssignment.ImplicitDefault(column.Type).CopyTo(stored, 0);
    }

    /// <summary>A TIMESTAMP that cannot be NULL takes the time instead; false for other columns.</summary>
    private bool TryStoreNow(StatementContext context, int ordinal)
    {
        if (_now[ordinal] is not { } now)
            return false;
        _insertion.Assign(ordinal, context.Evaluation.RentValue(now, _insertion.Columns), 0);
        context.Evaluation.Return();
        return true;
    }
}
