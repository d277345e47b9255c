using P2PDB.Engine.Execution.Spilling;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// Lets the first of all rows pass that are equal in their leading columns. Once memory is used up for those that passed, further
/// rows unlike them wait on the disk until the input has ended (<see cref="SpillPartitions"/>).
/// </summary>
internal sealed class DistinctOperator(Operator input, int columnCount) : Operator
{
    private readonly KeyTable _seen = new();
    private readonly ByteWriter _key = new();
    private int[] _positions = [];
    private SpillPartitions? _parts;
    private bool _isFrozen;
    private bool _inputHasEnded;

    /// <inheritdoc/>
    protected override RowBatch? NextCore()
    {
        while (NextRows() is { } batch)
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
                if (_isFrozen)
                {
                    PutAside(batch, row);
                    continue;
                }

                _seen.GetOrAdd(_key.Written, out bool isNew);
                if (isNew)
                    _positions[kept++] = row;
            }

            _isFrozen = _isFrozen || !TryHold(_seen.HeldLength);
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
        Forget();
        input.Close();
    }

    /// <inheritdoc/>
    protected override void OpenCore()
    {
        Forget();
        input.Open(Context);
    }

    /// <summary>Rows of the input, then of one partition after another.</summary>
    private RowBatch? NextRows()
    {
        if (!_inputHasEnded)
        {
            if (input.Next() is { } batch)
                return batch;
            _inputHasEnded = true;
            if (!NextPart())
                return null;
        }

        while (_parts is not null)
        {
            if (_parts.Read() is { } rows)
                return rows;
            if (!NextPart())
                break;
        }

        return null;
    }

    private bool NextPart()
    {
        _seen.Clear();
        Hold(0);
        _isFrozen = false;
        return _parts is not null && _parts.NextPart();
    }

    private void PutAside(RowBatch batch, int row)
    {
        if (_seen.Find(_key.Written) >= 0)
            return;
        _parts ??= new SpillPartitions(Context, Measure, batch);
        _parts.Add(_key.Written, batch, row);
    }

    private void Forget()
    {
        _seen.Clear();
        Hold(0);
        _parts?.Dispose();
        _parts = null;
        _isFrozen = false;
        _inputHasEnded = false;
    }
}
