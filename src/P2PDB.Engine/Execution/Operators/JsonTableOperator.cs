using P2PDB.Engine.Expressions;
using P2PDB.Engine.Expressions.Functions;
using P2PDB.Engine.Expressions.Json;
using P2PDB.Engine.Planning.JsonTables;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;
using P2PDB.Engine.Types.Json;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// Makes rows of a JSON document: a row for each value of a path, with a row of each nested path in turn, whose siblings are NULL
/// meanwhile. A document is in memory anyhow, and so are its rows: error 1038 where they are too many.
/// </summary>
internal sealed class JsonTableOperator : Operator
{
    private const string Name = "json_table";

    private readonly JsonTableNode _node;
    private readonly RowStore _rows;
    private readonly RowBatch _row;
    private readonly RowBatch _output;
    private readonly int[] _columns;
    private readonly ColumnAssignment[] _assignments;
    private int _next;

    public JsonTableOperator(JsonTableNode node)
    {
        _node = node;
        _rows = new RowStore(node.Types);
        _row = new RowBatch(node.Types, 1);
        _output = new RowBatch(node.Types);
        _columns = new int[node.Types.Length];
        _assignments = new ColumnAssignment[node.Types.Length];
        for (int i = 0; i < _columns.Length; i++)
        {
            _columns[i] = i;
            _assignments[i] = new ColumnAssignment(node.Types[i], Name, isNullable: true);
        }
    }

    /// <inheritdoc/>
    public override void Close()
    {
        _rows.Clear();
        Hold(0);
    }

    /// <inheritdoc/>
    protected override void OpenCore()
    {
        _rows.Clear();
        _next = 0;
        EvaluationContext evaluation = Context.Evaluation;
        ColumnVector document = evaluation.RentValue(_node.Document, evaluation.OneRow);
        JsonItem? root = document.IsNull(0) ? null : JsonConversion.ParseArgument(document, 0, 1, Name);
        evaluation.Return();
        if (root is null)
            return;
        _row.Reset();
        _row.RowCount = 1;
        SetNull(_node.Root);
        Add(_node.Root, root);
        Hold(_rows.HeldLength);
    }

    /// <inheritdoc/>
    protected override RowBatch? NextCore()
    {
        Context.ThrowIfStopped();
        _output.Reset();
        int filled = 0;
        while (filled < RowBatch.RowCountMax && _next < _rows.Count)
            _rows.CopyTo(_next++, _output, filled++, _columns);
        _output.RowCount = filled;
        return filled > 0 ? _output : null;
    }

    private void SetNull(JsonTableLevel level)
    {
        foreach (JsonTableField field in level.Fields)
            _row.Column(field.Ordinal).SetNull(0);
        foreach (JsonTableLevel nested in level.Nested)
            SetNull(nested);
    }

    /// <summary>Adds the rows of a path in a value; what stands in other columns stays. False where it finds nothing.</summary>
    private bool Add(JsonTableLevel level, JsonItem parent)
    {
        List<JsonItem> found = [];
        level.Path.Find(parent, found);
        for (int number = 0; number < found.Count; number++)
        {
            Context.ThrowIfStopped();
            foreach (JsonTableField field in level.Fields)
                Set(field, found[number], number + 1);
            bool any = false;
            foreach (JsonTableLevel nested in level.Nested)
            {
                any |= Add(nested, found[number]);
                SetNull(nested);
            }

            if (any)
                continue;
            _rows.Add(_row, 0, _columns);
            if (_rows.Count % RowBatch.RowCountMax == 0)
                Hold(_rows.HeldLength);
        }

        return found.Count > 0;
    }

    private void Set(JsonTableField field, JsonItem value, int number)
    {
        ColumnVector target = _row.Column(field.Ordinal);
        target.Reset(target.Type);
        if (field.Kind == JsonTableFieldKind.Ordinality)
        {
            target.SetInt64(0, number);
            return;
        }

        List<JsonItem> found = [];
        field.Path!.Find(value, found);
        if (field.Kind == JsonTableFieldKind.Exists)
            Store(field, JsonItem.FromInt64(found.Count > 0 ? 1 : 0), target);
        else if (found.Count == 0)
            Answer(field, field.OnEmpty, FunctionErrors.JsonTableValueMissing(field.Name), target);
        else
            Store(field, Single(field, found), target);
    }

    /// <summary>Several values are an array of them to a JSON column, and no value to others.</summary>
    private static JsonItem Single(JsonTableField field, List<JsonItem> found)
    {
        if (found.Count == 1 && field.Path!.HasWildcard is false)
            return found[0];
        if (found.Count == 1 && field.Type.Kind != SqlTypeKind.Json)
            return found[0];
        JsonItem list = JsonItem.NewArray();
        list.Elements.AddRange(found);
        return list;
    }

    private void Store(JsonTableField field, JsonItem value, ColumnVector target)
    {
        if (!value.IsScalar && field.Type.Kind != SqlTypeKind.Json)
            Answer(field, field.OnError, FunctionErrors.JsonTableValueNotScalar(field.Name), target);
        else if (!JsonValueFunction.TryStore(Context.Evaluation, _assignments[field.Ordinal], value, target, 0))
            Answer(field, field.OnError, FunctionErrors.JsonTableValueInvalid(field.Name), target);
    }

    private void Answer(JsonTableField field, JsonTableAnswer answer, SqlError error, ColumnVector target)
    {
        if (answer.IsError)
            throw error.ToException();
        if (answer.Default is null)
            target.SetNull(0);
        else if (!JsonValueFunction.TryStore(Context.Evaluation, _assignments[field.Ordinal], answer.Default, target, 0))
            throw error.ToException();
    }
}
