using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>Rows of a made-up table, made when the scan is opened.</summary>
internal sealed class VirtualScanOperator(VirtualScanNode node, RowBatch output) : Operator
{
    private readonly RowFilter _filter = new(node.Filters);
    private VirtualRows? _rows;
    private int _next;

    /// <inheritdoc/>
    protected override RowBatch? NextCore()
    {
        while (_rows is not null && _next < _rows.Count)
        {
            foreach (int slot in node.Slots)
                output.Column(slot).Reset(output.Column(slot).Type);
            output.SelectAll();
            int filled = 0;
            for (; filled < RowBatch.RowCountMax && _next < _rows.Count; filled++, _next++)
            {
                for (int i = 0; i < node.Columns.Length; i++)
                    VirtualRows.Write(Context.Evaluation, _rows[_next, node.Columns[i]], output.Column(node.Slots[i]), filled);
            }

            output.RowCount = filled;
            if (_filter.Narrow(Context.Evaluation, output))
                return output;
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Close() => _rows = null;

    /// <inheritdoc/>
    protected override void OpenCore()
    {
        _rows = ((ReadableTable)node.Table).Read(Context);
        _next = 0;
    }
}
