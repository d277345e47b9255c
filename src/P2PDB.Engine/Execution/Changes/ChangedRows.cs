using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>
/// The rows that a statement is about to change, read to the end before the first is: otherwise it could meet its own changes.
/// Used again by each execution of one statement.
/// </summary>
internal sealed class ChangedRows
{
    private RowStore _store = new([]);
    private int[]? _columns;

    /// <summary>How many.</summary>
    public int Count => _store.Count;

    /// <summary>Reads all rows; <see cref="Clear"/> lets them go.</summary>
    public void Read(StatementContext context, Operator source)
    {
        MemoryHold memory = default;
        try
        {
            source.Open(context);
            while (source.Next() is { } batch)
            {
                context.ThrowIfStopped();
                _columns ??= Prepare(batch);
                for (int i = 0; i < batch.SelectedCount; i++)
                    _store.Add(batch, batch.RowAt(i), _columns);
                memory.Set(context, _store.HeldLength);
            }
        }
        finally
        {
            source.Close();
        }
    }

    /// <summary>True where something was committed since they were read: asked under a row's lock, whether to check its conditions again.</summary>
    public static bool MayBeStale(StatementContext context) => context.HasNewerSnapshot(context.ViewFor(ScanLock.None));

    /// <summary>The key of a row of the target at an index; empty where an outer join found none.</summary>
    public ReadOnlySpan<byte> Key(int row, int target)
    {
        ColumnVector keys = _store.Vector(row, target, out int place);
        return keys.IsNull(place) ? default : keys.GetBytes(place);
    }

    /// <summary>A computed value.</summary>
    public ColumnVector Value(int row, int column, out int place) => _store.Vector(row, column, out place);

    /// <summary>Lets the rows go; some memory is kept for the next.</summary>
    public void Clear() => _store.Clear();

    private int[] Prepare(RowBatch batch)
    {
        var types = new SqlType[batch.Columns.Length];
        int[] columns = new int[types.Length];
        for (int i = 0; i < types.Length; i++)
            (types[i], columns[i]) = (batch.Column(i).Type, i);
        _store = new RowStore(types);
        return columns;
    }
}
