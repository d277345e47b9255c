using System.Collections;
using System.Text;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine;

/// <summary>
/// Keeps the rows of all results of a call as text, for examples, tests and tools; a statement that fails throws a
/// <see cref="SqlException"/>. Programs that care for speed write a sink of their own.
/// </summary>
public sealed class TextResult : ResultSink, IReadOnlyList<string?[]>
{
    private readonly List<string?[]> _rows = [];

    /// <inheritdoc/>
    public int Count => _rows.Count;

    /// <summary>A row: a text for each column, null for NULL.</summary>
    public string?[] this[int index] => _rows[index];

    /// <inheritdoc/>
    public override void Columns(ReadOnlySpan<ResultColumn> columns)
    {
        // Rows say all that is kept.
    }

    /// <inheritdoc/>
    public override void Rows(RowBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var text = new ByteWriter();
        for (int i = 0; i < batch.SelectedCount; i++)
        {
            int row = batch.RowAt(i);
            string?[] values = new string?[batch.Columns.Length];
            for (int column = 0; column < values.Length; column++)
            {
                ColumnVector vector = batch.Column(column);
                if (vector.IsNull(row))
                    continue;
                text.Clear();
                ValueFormatter.Format(vector, row, text);
                values[column] = Encoding.UTF8.GetString(text.Written);
            }

            _rows.Add(values);
        }
    }

    /// <inheritdoc/>
    public override void RowsDone(in StatementOutcome outcome)
    {
        // Rows say all that is kept.
    }

    /// <inheritdoc/>
    public override void Ok(in StatementOutcome outcome)
    {
        // Rows say all that is kept.
    }

    /// <inheritdoc/>
    public override void Fail(SqlError failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        throw failure.ToException();
    }

    /// <inheritdoc/>
    public IEnumerator<string?[]> GetEnumerator() => _rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
