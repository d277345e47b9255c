using System.Globalization;
using System.Text;
using P2PDB.Engine;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Types;

namespace P2PDB.Conformance;

/// <summary>Keeps what one call answers: the rows of its last result set as text, or the error.</summary>
internal sealed class AnswerSink(Session session) : ResultSink
{
    /// <summary>The rows, one text per column.</summary>
    public List<string[]> Answered { get; } = [];

    /// <summary>How many columns the last result set has; 0 without one.</summary>
    public int ColumnCount { get; private set; }

    /// <summary>What ended the call, if something did.</summary>
    public SqlError? Failure { get; private set; }

    public override void Columns(ReadOnlySpan<ResultColumn> columns)
    {
        Answered.Clear();
        ColumnCount = columns.Length;
    }

    public override void Rows(RowBatch batch)
    {
        for (int i = 0; i < batch.SelectedCount; i++)
        {
            int row = batch.RowAt(i);
            string[] texts = new string[batch.Columns.Length];
            for (int column = 0; column < texts.Length; column++)
                texts[column] = TextOf(batch.Column(column), row);
            Answered.Add(texts);
        }
    }

    public override void RowsDone(in StatementOutcome outcome)
    {
    }

    public override void Ok(in StatementOutcome outcome)
    {
    }

    public override void Fail(SqlError failure) => Failure = failure;

    /// <summary>The text a client sees; an empty string and bytes that do not print show as sqllogictest writes them.</summary>
    private string TextOf(ColumnVector vector, int row)
    {
        if (vector.IsNull(row))
            return "NULL";
        if (vector.Type.Kind == SqlTypeKind.Bit)
            return vector.GetInt64(row).ToString(CultureInfo.InvariantCulture);
        string text = Encoding.UTF8.GetString(Conversion.ToText(session.State.Evaluation, vector, row));
        return text.Length == 0 ? "(empty)" : text.ReplaceLineEndings("@");
    }
}
