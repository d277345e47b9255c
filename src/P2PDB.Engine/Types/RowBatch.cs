namespace P2PDB.Engine.Types;

/// <summary>
/// Columns of equal height with an optional selection: the positions of the rows that count, ascending. Operators fill,
/// narrow and hand on batches; a batch is valid until its producer is asked for the next. Reusable without allocation.
/// </summary>
public sealed class RowBatch
{
    /// <summary>Rows in a full batch: large enough to pay for the calls, small enough to stay in the second-level cache.</summary>
    public const int RowCountMax = 1024;

    private readonly ColumnVector[] _columns;
    private int[] _selection = [];
    private int _selectedCount;

    /// <summary>Makes a batch with columns of the given types.</summary>
    public RowBatch(ReadOnlySpan<SqlType> types, int capacity = RowCountMax)
    {
        Capacity = capacity;
        _columns = new ColumnVector[types.Length];
        for (int i = 0; i < types.Length; i++)
            _columns[i] = new ColumnVector(types[i], capacity);
    }

    /// <summary>Makes a batch over vectors that somebody else fills.</summary>
    public RowBatch(ColumnVector[] columns, int capacity = RowCountMax)
    {
        ArgumentNullException.ThrowIfNull(columns);
        _columns = columns;
        Capacity = capacity;
    }

    /// <summary>How many rows fit.</summary>
    public int Capacity { get; }

    /// <summary>Rows filled, selected or not.</summary>
    public int RowCount { get; set; }

    /// <summary>True when only <see cref="Selection"/> counts.</summary>
    public bool HasSelection { get; private set; }

    /// <summary>Rows that count.</summary>
    public int SelectedCount => HasSelection ? _selectedCount : RowCount;

    /// <summary>The columns.</summary>
    public ReadOnlySpan<ColumnVector> Columns => _columns;

    /// <summary>The selected positions, ascending; meaningful when <see cref="HasSelection"/>.</summary>
    public ReadOnlySpan<int> Selection => _selection.AsSpan(0, SelectedCount);

    /// <summary>One column.</summary>
    public ColumnVector Column(int ordinal) => _columns[ordinal];

    /// <summary>Replaces the vector of a column, for producers that hand on vectors instead of copying.</summary>
    public void SetColumn(int ordinal, ColumnVector vector) => _columns[ordinal] = vector;

    /// <summary>Position of the <paramref name="index"/>-th selected row.</summary>
    public int RowAt(int index) => HasSelection ? _selection[index] : index;

    /// <summary>Empties the batch and resets its vectors to their types.</summary>
    public void Reset()
    {
        RowCount = 0;
        HasSelection = false;
        foreach (ColumnVector column in _columns)
            column.Reset(column.Type);
    }

    /// <summary>Forgets the selection: all rows count.</summary>
    public void SelectAll() => HasSelection = false;

    /// <summary>Narrows to some rows. The array is borrowed until the selection is replaced: do not change it meanwhile.</summary>
    public void Select(int[] positions, int count)
    {
        ArgumentNullException.ThrowIfNull(positions);
        _selection = positions;
        _selectedCount = count;
        HasSelection = true;
    }

    /// <summary>Takes the selection away to be put back later by <see cref="Restore"/>.</summary>
    public SavedSelection Save() => new(_selection, _selectedCount, HasSelection);

    /// <summary>Puts a saved selection back.</summary>
    public void Restore(SavedSelection saved)
    {
        _selection = saved.Positions ?? [];
        _selectedCount = saved.Count;
        HasSelection = saved.IsNarrowed;
    }

    /// <summary>A batch's selection, remembered.</summary>
    public readonly record struct SavedSelection(int[] Positions, int Count, bool IsNarrowed);
}
