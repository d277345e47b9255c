using P2PDB.Engine.Catalog;
using P2PDB.Engine.Transactions;

namespace P2PDB.Engine.Execution;

/// <summary>All visible rows of a table one by one, in the order of the primary key. KILL and the statement's limits end it with their error.</summary>
internal sealed class TableWalk(StatementContext context, ReadView view, TableSchema table) : IDisposable
{
    private readonly MergedCursor _cursor = view.OpenCursor(table.RowTree, null);
    private bool _hasBegun;

    /// <summary>Encoded primary key of the row.</summary>
    public ReadOnlySpan<byte> Key => _cursor.Key;

    /// <summary>Goes to the next row, which is valid until the next call; false at the end.</summary>
    public bool TryNext(out RowView row)
    {
        for (bool found = Move(); found; found = Move())
        {
            context.ThrowIfStopped();
            if (ReadView.TryOpenRow(table, _cursor, out row))
                return true;
        }

        row = default;
        return false;
    }

    /// <inheritdoc/>
    public void Dispose() => _cursor.Dispose();

    private bool Move()
    {
        if (_hasBegun)
            return _cursor.Next();
        _hasBegun = true;
        return _cursor.SeekFirst();
    }
}
