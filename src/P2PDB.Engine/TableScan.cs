using P2PDB.Engine.Execution.Direct;
using P2PDB.Engine.Transactions;

namespace P2PDB.Engine;

/// <summary>
/// Rows of a table between two keys, in their order, for foreach: as of the scan's opening, whatever is written meanwhile, by the same session too. End it
/// (foreach does): until then the store keeps what it reads.
/// </summary>
public ref struct TableScan : IDisposable
{
    private readonly OpenScan _scan;
    private readonly TableHandle _handle;
    private readonly long _number;
    private RowView _row;

    internal TableScan(TableHandle handle, OpenScan scan)
    {
        _handle = handle;
        _scan = scan;
        _number = scan.Number;
    }

    /// <summary>The row that the scan stands on; valid until its next move or end.</summary>
    public readonly RowReader Current => new(_scan.Table, _row);

    /// <summary>The scan itself.</summary>
    public readonly TableScan GetEnumerator() => this;

    /// <summary>Moves to the next row; false past the last one. Error 1317 once the session was killed.</summary>
    public bool MoveNext()
    {
        ObjectDisposedException.ThrowIf(_scan.Number != _number, typeof(TableScan));
        return _scan.TryMoveNext(out _row);
    }

    /// <summary>Ends the scan.</summary>
    public readonly void Dispose()
    {
        if (_scan.Number == _number)
            _handle.End(_scan);
    }
}
