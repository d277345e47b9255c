using System.Text;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Tests.Execution;

/// <summary>Collects answers as text: rows with columns joined by |, errors as their number.</summary>
internal sealed class TextSink(Session session) : ResultSink
{
    public List<string> Lines { get; } = [];

    public List<SqlError> Errors { get; } = [];

    public StatementOutcome Outcome { get; private set; }

    public string Text => string.Join('\n', Lines);

    public override void Columns(ReadOnlySpan<ResultColumn> columns)
    {
    }

    public override void Rows(RowBatch batch)
    {
        for (int i = 0; i < batch.SelectedCount; i++)
        {
            int row = batch.RowAt(i);
            var line = new StringBuilder();
            for (int column = 0; column < batch.Columns.Length; column++)
            {
                if (column > 0)
                    line.Append('|');
                ColumnVector vector = batch.Column(column);
                line.Append(vector.IsNull(row)
                    ? "NULL" : Encoding.UTF8.GetString(Conversion.ToText(session.State.Evaluation, vector, row)));
            }

            Lines.Add(line.ToString());
        }
    }

    public override void RowsDone(in StatementOutcome outcome) => Outcome = outcome;

    public override void Ok(in StatementOutcome outcome) => Outcome = outcome;

    public override void Fail(SqlError failure)
    {
        Errors.Add(failure);
        Lines.Add("error " + failure.Code);
    }
}
