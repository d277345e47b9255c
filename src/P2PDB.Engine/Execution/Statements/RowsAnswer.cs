using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>Gives out rows that a statement made up.</summary>
internal static class RowsAnswer
{
    /// <summary>Gives out columns and all rows.</summary>
    public static StatementResult Send(StatementContext context, ResultSink sink, RelationColumn[] columns, VirtualRows rows)
    {
        var types = new SqlType[columns.Length];
        var shown = new ResultColumn[columns.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            types[i] = columns[i].Type;
            shown[i] = ResultColumns.Of(columns[i], "");
        }

        sink.Columns(shown);
        var batch = new RowBatch(types);
        for (int first = 0; first < rows.Count; first += RowBatch.RowCountMax)
        {
            batch.Reset();
            int count = Math.Min(RowBatch.RowCountMax, rows.Count - first);
            for (int row = 0; row < count; row++)
            {
                for (int column = 0; column < columns.Length; column++)
                    VirtualRows.Write(context.Evaluation, rows[first + row, column], batch.Column(column), row);
            }

            batch.RowCount = count;
            sink.Rows(batch);
        }

        context.Session.FoundRowCount = rows.Count;
        return StatementResult.Rows;
    }
}
