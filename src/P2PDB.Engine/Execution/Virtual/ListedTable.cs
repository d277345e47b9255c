using P2PDB.Engine.Planning;

namespace P2PDB.Engine.Execution.Virtual;

/// <summary>A made-up table whose rows are few: all are made when it is opened.</summary>
/// <param name="schema">Schema it is found in.</param>
/// <param name="name">Its name.</param>
/// <param name="columns">Its columns.</param>
/// <param name="fill">Adds its rows as a session sees them.</param>
internal sealed class ListedTable(
    string schema, string name, RelationColumn[] columns, Action<StatementContext, VirtualRows> fill)
    : ReadableTable(schema, name, columns)
{
    /// <summary>Makes the rows.</summary>
    public VirtualRows Read(StatementContext context)
    {
        var rows = new VirtualRows(Columns.Length);
        fill(context, rows);
        return rows;
    }

    /// <inheritdoc/>
    public override RowStream Open(StatementContext context, ScanBounds bounds) => new Listed(Read(context));

    private sealed class Listed(VirtualRows rows) : RowStream
    {
        private int _row = -1;

        public override object? this[int column] => rows[_row, column];

        public override bool MoveNext() => ++_row < rows.Count;

        public override void Dispose()
        {
        }
    }
}
