using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>Rows of a made-up table, taken from it as they are asked for.</summary>
internal sealed class VirtualScanOperator(VirtualScanNode node, RowBatch output) : Operator
{
    /// <summary>Rows of the first batch; each is twice the one before, so that a LIMIT 1 does not make a thousand.</summary>
    private const int FirstBatchRowCount = 32;

    /// <summary>Bytes of text from which on a batch is full: rows of long texts must not gather a thousand.</summary>
    private const int BatchLengthMax = 1 << 20;

    private readonly RowFilter _filter = new(node.Filters);
    private RowStream? _rows;
    private int _batchRowCount;

    /// <inheritdoc/>
    protected override RowBatch? NextCore()
    {
        while (_rows is not null)
        {
            Context.ThrowIfStopped();
            foreach (int slot in node.Slots)
                output.Column(slot).Reset(output.Column(slot).Type);
            output.SelectAll();
            output.RowCount = Fill(_rows);
            if (output.RowCount == 0)
                return null;
            _batchRowCount = Math.Min(_batchRowCount * 2, RowBatch.RowCountMax);
            if (_filter.Narrow(Context.Evaluation, output))
                return output;
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Close()
    {
        if (_rows is not null)
            Context.Close(_rows);
        _rows = null;
    }

    /// <inheritdoc/>
    protected override void OpenCore()
    {
        Close();
        _batchRowCount = FirstBatchRowCount;
        _rows = ((ReadableTable)node.Table).Open(Context, new ScanBounds(Context.Evaluation, node));
        Context.Keep(_rows);
    }

    private int Fill(RowStream rows)
    {
        int filled = 0;
        long length = 0;
        while (filled < _batchRowCount && length < BatchLengthMax)
        {
            if (!rows.MoveNext())
            {
                Close();
                break;
            }

            for (int i = 0; i < node.Columns.Length; i++)
            {
                object? value = rows[node.Columns[i]];
                length += value switch { string text => text.Length, byte[] bytes => bytes.Length, _ => 0 };
                VirtualRows.Write(Context.Evaluation, value, output.Column(node.Slots[i]), filled);
            }

            filled++;
        }

        return filled;
    }
}
