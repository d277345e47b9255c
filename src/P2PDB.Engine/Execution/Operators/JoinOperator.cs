using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// What joins share: batches of left rows, pairs that the conditions then narrow, and, in an outer join, the left rows of a batch that
/// found no partner, after its pairs. A semi join gives out the left batch itself, narrowed. How partners are found is a subclass's.
/// </summary>
internal abstract class JoinOperator(JoinNode node, Operator left, RowBatch output) : Operator
{
    private readonly RowFilter _conditions = new(node.Conditions);
    private readonly bool[] _leftMatched = new bool[RowBatch.RowCountMax];
    private readonly int[] _positions = node.GivesLeftRows ? new int[RowBatch.RowCountMax] : [];
    private bool _unmatchedAreDue;

    /// <summary>The left batch whose partners are looked for; null between two.</summary>
    protected RowBatch? LeftBatch { get; private set; }

    /// <summary>The pairs.</summary>
    protected JoinOutput Output { get; } = new(output, node.LeftSlots, node.RightSlots);

    /// <inheritdoc/>
    protected override RowBatch? NextCore()
    {
        while (true)
        {
            Context.ThrowIfStopped();
            if (_unmatchedAreDue)
            {
                _unmatchedAreDue = false;
                bool hasUnmatched = AddUnmatched(LeftBatch!);
                LeftBatch = null;
                if (hasUnmatched)
                    return Output.Batch;
            }

            if (LeftBatch is null && !NextLeft())
                return null;

            Output.Clear();
            bool isLeftDone = Fill(LeftBatch!);
            bool any = Output.Count > 0 && _conditions.Narrow(Context.Evaluation, Output.Batch);
            if (node.Result != JoinResult.Pairs && any)
                NoteMatches();
            if (isLeftDone && !IsLastPass)
            {
                EndPass(_leftMatched.AsSpan(0, LeftBatch!.SelectedCount));
                LeftBatch = null;
                if (any && !node.GivesLeftRows)
                    return Output.Batch;
                continue;
            }

            if (node.GivesLeftRows)
            {
                if (isLeftDone && TakeLeft() is { } narrowed)
                    return narrowed;
                continue;
            }

            if (isLeftDone && node.Result == JoinResult.PairsAndUnmatched)
                _unmatchedAreDue = true;
            else if (isLeftDone)
                LeftBatch = null;
            if (any)
                return Output.Batch;
        }
    }

    /// <summary>Forgets the left batch under way.</summary>
    protected void Restart()
    {
        LeftBatch = null;
        _unmatchedAreDue = false;
    }

    /// <summary>True where the first partner of a left row says all there is to say: a semi join that has nothing else to check.</summary>
    protected bool IsFirstPartnerEnough { get; } = node.GivesLeftRows && node.Conditions.Length == 0;

    /// <summary>True once no further partner of a left row is of interest.</summary>
    protected bool IsDecided(int leftIndex) => node.GivesLeftRows && _leftMatched[leftIndex];

    /// <summary>Takes note of a partner without making a pair of it.</summary>
    protected void Match(int leftIndex) => _leftMatched[leftIndex] = true;

    /// <summary>False where the left batch comes again, to meet further right rows: until then nobody knows which of its rows find nobody.</summary>
    protected virtual bool IsLastPass => true;

    /// <summary>Takes note of the left rows that have found partners when a pass that is not the last has ended for a batch.</summary>
    protected virtual void EndPass(ReadOnlySpan<bool> matched)
    {
    }

    /// <summary>The next left rows, or null.</summary>
    protected virtual RowBatch? ReadLeft() => left.Next();

    /// <summary>Begins on a left batch that has rows.</summary>
    protected abstract void Begin(RowBatch leftBatch);

    /// <summary>Adds pairs until the output is full; true when the left batch has no more.</summary>
    protected abstract bool Fill(RowBatch leftBatch);

    private bool NextLeft()
    {
        LeftBatch = ReadLeft();
        if (LeftBatch is null)
            return false;
        _leftMatched.AsSpan(0, LeftBatch.SelectedCount).Clear();
        Begin(LeftBatch);
        return true;
    }

    private void NoteMatches()
    {
        RowBatch batch = Output.Batch;
        for (int i = 0; i < batch.SelectedCount; i++)
            _leftMatched[Output.LeftRowOf(batch.RowAt(i))] = true;
    }

    /// <summary>Ends the left batch and narrows it to the rows that come out; null where none does.</summary>
    private RowBatch? TakeLeft()
    {
        RowBatch batch = LeftBatch!;
        LeftBatch = null;
        int count = batch.SelectedCount;
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            if (_leftMatched[i] == (node.Result == JoinResult.Matched))
                _positions[kept++] = batch.RowAt(i);
        }

        if (kept < count)
            batch.Select(_positions, kept);
        return kept > 0 ? batch : null;
    }

    /// <summary>Fills the output with the left rows that found nobody; false when all found somebody.</summary>
    private bool AddUnmatched(RowBatch leftBatch)
    {
        Output.Clear();
        for (int i = 0; i < leftBatch.SelectedCount; i++)
        {
            if (!_leftMatched[i])
                Output.AddUnmatched(leftBatch, leftBatch.RowAt(i), i);
        }

        return Output.Count > 0;
    }
}
