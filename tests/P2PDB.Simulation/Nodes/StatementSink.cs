using System.Text;
using P2PDB.Engine;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Simulation.Nodes;

/// <summary>Keeps what a call answers: the error, or the rows as text, and how many rows it changed.</summary>
internal sealed class StatementSink : ResultSink
{
    public SqlError? Error { get; private set; }

    /// <summary>True once the statement was answered well; false with no error where the node went down during it.</summary>
    public bool IsDone { get; private set; }

    public ulong AffectedRows { get; private set; }

    public List<string> Texts { get; } = [];

    public override void Columns(ReadOnlySpan<ResultColumn> columns)
    {
        // Rows say all that is kept.
    }

    public override void Rows(RowBatch batch)
    {
        using ByteWriter text = new();
        for (int i = 0; i < batch.SelectedCount; i++)
        {
            text.Clear();
            for (int column = 0; column < batch.Columns.Length; column++)
            {
                ColumnVector vector = batch.Column(column);
                if (column > 0)
                    text.Write("|"u8);
                if (vector.IsNull(batch.RowAt(i)))
                    text.Write("NULL"u8);
                else
                    ValueFormatter.Format(vector, batch.RowAt(i), text);
            }

            Texts.Add(Encoding.UTF8.GetString(text.Written));
        }
    }

    public override void RowsDone(in StatementOutcome outcome) => IsDone = true;

    public override void Ok(in StatementOutcome outcome) => (IsDone, AffectedRows) = (true, outcome.AffectedRows);

    public override void Fail(SqlError failure) => Error = failure;

    public override string ToString() => Error is { } error ? $"error {error.Code}" : IsDone ? $"ok, {AffectedRows} changed" : "no answer";
}
