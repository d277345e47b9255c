using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Operators;

/// <summary>
/// The batch that a join fills with pairs, in the block's row: left slots from a left batch, right slots from wherever the
/// right rows are kept. Remembers which left row each pair came from, which outer joins need after filtering.
/// </summary>
internal sealed class JoinOutput(RowBatch batch, int[] leftSlots, int[] rightSlots)
{
    private readonly int[] _leftRows = new int[RowBatch.RowCountMax];

    /// <summary>The pairs.</summary>
    public RowBatch Batch { get; } = batch;

    /// <summary>Pairs in the batch.</summary>
    public int Count { get; private set; }

    /// <summary>True when no further pair fits.</summary>
    public bool IsFull => Count == RowBatch.RowCountMax;

    /// <summary>Index, given by the caller, of the left row of a pair.</summary>
    public int LeftRowOf(int pair) => _leftRows[pair];

    /// <summary>Empties the batch.</summary>
    public void Clear()
    {
        foreach (int slot in leftSlots)
            Batch.Column(slot).Reset(Batch.Column(slot).Type);
        foreach (int slot in rightSlots)
            Batch.Column(slot).Reset(Batch.Column(slot).Type);
        Batch.SelectAll();
        Batch.RowCount = 0;
        Count = 0;
    }

    /// <summary>Adds a pair with a right row kept in a store.</summary>
    public void Add(RowBatch left, int leftRow, int leftIndex, RowStore right, int rightRow)
    {
        right.CopyTo(rightRow, Batch, AddLeft(left, leftRow, leftIndex), rightSlots);
    }

    /// <summary>Adds a pair with a right row in a batch of the same shape.</summary>
    public void Add(RowBatch left, int leftRow, int leftIndex, RowBatch right, int rightRow)
    {
        int place = AddLeft(left, leftRow, leftIndex);
        foreach (int slot in rightSlots)
            Batch.Column(slot).CopyRow(right.Column(slot), rightRow, place);
    }

    /// <summary>Adds a left row that found no partner.</summary>
    public void AddUnmatched(RowBatch left, int leftRow, int leftIndex)
    {
        int place = AddLeft(left, leftRow, leftIndex);
        foreach (int slot in rightSlots)
            Batch.Column(slot).SetNull(place);
    }

    private int AddLeft(RowBatch left, int leftRow, int leftIndex)
    {
        int place = Count++;
        foreach (int slot in leftSlots)
            Batch.Column(slot).CopyRow(left.Column(slot), leftRow, place);
        _leftRows[place] = leftIndex;
        Batch.RowCount = Count;
        return place;
    }
}
