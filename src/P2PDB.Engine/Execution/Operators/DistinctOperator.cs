using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>Lets the first of all rows pass that are equal in their leading columns.</summary>
internal sealed class DistinctOperator(Operator input, int columnCount) : Operator
{
    private readonly KeyTable _seen = new();
    private readonly ByteWriter _key = new();
    private int[] _positions = [];

    /// <inheritdoc/>
    protected override RowBatch? NextCore()
    {
        while (input.Next() is { } batch)
        {
            Context.ThrowIfStopped();
            if (_positions.Length < batch.Capacity)
                _positions = new int[batch.Capacity];
            int kept = 0;
            int count = batch.SelectedCount;
            for (int i = 0; i < count; i++)
            {
                int row = batch.RowAt(i);
                _key.Clear();
                RowKeyWriter.AppendLeading(batch, row, columnCount, _key);
                _seen.GetOrAdd(_key.Written, out bool isNew);
                if (isNew)
                    _positions[kept++] = row;
            }

            Hold(_seen.HeldLength);
            if (kept == 0)
                continue;
            batch.Select(_positions, kept);
            return batch;
        }

        return null;
    }

    /// <inheritdoc/>
    public override void Close()
    {
        _seen.Clear();
        Hold(0);
        input.Close();
    }

    /// <inheritdoc/>
    protected override void OpenCore()
    {
        _seen.Clear();
        input.Open(Context);
    }
}
