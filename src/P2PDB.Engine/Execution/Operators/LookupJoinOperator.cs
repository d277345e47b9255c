using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>Index nested loop: for each left row the right scan is opened at the keys that the row names.</summary>
internal sealed class LookupJoinOperator(JoinNode node, Operator left, ScanOperator right, RowBatch output) : Operator
{
    private readonly RowFilter _conditions = new(node.Conditions);
    private readonly JoinOutput _output = new(output, node.LeftSlots, node.RightSlots);
    private readonly bool[] _leftMatched = new bool[RowBatch.RowCountMax];
    private RowBatch? _leftBatch;
    private RowBatch? _rightBatch;
    private int _leftIndex;
    private int _rightIndex;
    private bool _unmatchedAreDue;

    /// <inheritdoc/>
    public override RowBatch? Next()
    {
        while (true)
        {
            if (_unmatchedAreDue)
            {
                _unmatchedAreDue = false;
                bool hasUnmatched = AddUnmatched();
                _leftBatch = null;
                if (hasUnmatched)
                    return _output.Batch;
            }

            if (_leftBatch is null && !NextLeft())
                return null;

            _output.Clear();
            bool isLeftDone = Fill();
            bool any = _output.Count > 0 && _conditions.Narrow(Context.Evaluation, _output.Batch);
            if (node.IsLeftOuter && any)
                NoteMatches();
            if (isLeftDone && node.IsLeftOuter)
                _unmatchedAreDue = true;
            else if (isLeftDone)
                _leftBatch = null;
            if (any)
                return _output.Batch;
        }
    }

    /// <inheritdoc/>
    public override void Close()
    {
        _leftBatch = null;
        _rightBatch = null;
        left.Close();
        right.Close();
    }

    /// <inheritdoc/>
    protected override void OpenCore()
    {
        _leftBatch = null;
        _rightBatch = null;
        _unmatchedAreDue = false;
        left.Open(Context);
        right.Prepare(Context);
    }

    private bool NextLeft()
    {
        _leftBatch = left.Next();
        if (_leftBatch is null)
            return false;
        _leftMatched.AsSpan(0, _leftBatch.SelectedCount).Clear();
        _leftIndex = -1;
        _rightBatch = null;
        return true;
    }

    /// <summary>Adds pairs until the output is full; true when the left batch has no more.</summary>
    private bool Fill()
    {
        RowBatch batch = _leftBatch!;
        while (true)
        {
            while (_rightBatch is null)
            {
                if (_leftIndex >= 0 && (_rightBatch = right.Next()) is not null)
                {
                    _rightIndex = 0;
                    break;
                }

                if (++_leftIndex >= batch.SelectedCount)
                    return true;
                right.OpenAt(batch, batch.RowAt(_leftIndex));
            }

            for (; _rightIndex < _rightBatch.SelectedCount; _rightIndex++)
            {
                if (_output.IsFull)
                {
                    Context.ThrowIfStopped();
                    return false;
                }

                _output.Add(batch, batch.RowAt(_leftIndex), _leftIndex, _rightBatch, _rightBatch.RowAt(_rightIndex));
            }

            _rightBatch = null;
        }
    }

    private void NoteMatches()
    {
        RowBatch batch = _output.Batch;
        for (int i = 0; i < batch.SelectedCount; i++)
            _leftMatched[_output.LeftRowOf(batch.RowAt(i))] = true;
    }

    private bool AddUnmatched()
    {
        RowBatch batch = _leftBatch!;
        _output.Clear();
        for (int i = 0; i < batch.SelectedCount; i++)
        {
            if (!_leftMatched[i])
                _output.AddUnmatched(batch, batch.RowAt(i), i);
        }

        return _output.Count > 0;
    }
}
