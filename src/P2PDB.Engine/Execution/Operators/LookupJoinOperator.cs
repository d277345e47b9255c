using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>Index nested loop: for each left row the right scan is opened at the keys that the row names.</summary>
internal sealed class LookupJoinOperator(JoinNode node, Operator left, ScanOperator right, RowBatch output)
    : JoinOperator(node, left, output)
{
    private readonly Operator _left = left;
    private RowBatch? _rightBatch;
    private int _leftIndex;
    private int _rightIndex;

    /// <inheritdoc/>
    public override void Close()
    {
        Restart();
        _rightBatch = null;
        _left.Close();
        right.Close();
    }

    /// <inheritdoc/>
    protected override void OpenCore()
    {
        Restart();
        _rightBatch = null;
        _left.Open(Context);
        right.Prepare(Context);
    }

    /// <inheritdoc/>
    protected override void Begin(RowBatch leftBatch)
    {
        _leftIndex = -1;
        _rightBatch = null;
    }

    /// <inheritdoc/>
    protected override bool Fill(RowBatch leftBatch)
    {
        while (true)
        {
            while (_rightBatch is null)
            {
                if (_leftIndex >= 0 && !IsDecided(_leftIndex) && (_rightBatch = right.Next()) is not null)
                {
                    _rightIndex = 0;
                    break;
                }

                if (++_leftIndex >= leftBatch.SelectedCount)
                    return true;
                right.OpenAt(leftBatch, leftBatch.RowAt(_leftIndex));
            }

            if (IsFirstPartnerEnough)
                Match(_leftIndex);
            for (; _rightIndex < _rightBatch.SelectedCount && !IsDecided(_leftIndex); _rightIndex++)
            {
                if (Output.IsFull)
                {
                    Context.ThrowIfStopped();
                    return false;
                }

                Output.Add(leftBatch, leftBatch.RowAt(_leftIndex), _leftIndex, _rightBatch, _rightBatch.RowAt(_rightIndex));
            }

            _rightBatch = null;
        }
    }
}
