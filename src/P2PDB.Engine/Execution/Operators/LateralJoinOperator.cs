using P2PDB.Engine.Planning;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>For each left row the right side is opened anew: it reads the row, as a correlated subquery does.</summary>
internal sealed class LateralJoinOperator(JoinNode node, OuterRow outer, Operator left, Operator right, RowBatch output)
    : JoinOperator(node, left, output)
{
    private readonly Operator _left = left;
    private RowBatch? _rightBatch;
    private int _leftIndex;
    private int _rightIndex;
    private bool _isRightOpen;

    /// <inheritdoc/>
    public override void Close()
    {
        Restart();
        CloseRight();
        _left.Close();
    }

    /// <inheritdoc/>
    protected override void OpenCore()
    {
        Restart();
        CloseRight();
        _left.Open(Context);
    }

    /// <inheritdoc/>
    protected override void Begin(RowBatch leftBatch)
    {
        _leftIndex = -1;
        CloseRight();
    }

    /// <inheritdoc/>
    protected override bool Fill(RowBatch leftBatch)
    {
        while (true)
        {
            while (_rightBatch is null)
            {
                if (_isRightOpen && !IsDecided(_leftIndex) && (_rightBatch = NextRight(leftBatch)) is not null)
                {
                    _rightIndex = 0;
                    break;
                }

                CloseRight();
                if (++_leftIndex >= leftBatch.SelectedCount)
                    return true;
                outer.MoveTo(leftBatch, leftBatch.RowAt(_leftIndex));
                right.Open(Context);
                _isRightOpen = true;
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

    private RowBatch? NextRight(RowBatch leftBatch)
    {
        // Conditions of the join may have moved the row in the meantime.
        outer.MoveTo(leftBatch, leftBatch.RowAt(_leftIndex));
        return right.Next();
    }

    private void CloseRight()
    {
        if (_isRightOpen)
            right.Close();
        _isRightOpen = false;
        _rightBatch = null;
    }
}
