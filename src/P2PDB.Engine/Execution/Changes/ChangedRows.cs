using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Planning.Nodes;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>
/// The rows that a statement is about to change, read to the end before the first is: otherwise it could meet its own changes.
/// </summary>
internal sealed class ChangedRows : IDisposable
{
    private readonly RowStore _store;

    private ChangedRows(RowStore store, bool mayBeStale)
    {
        _store = store;
        MayBeStale = mayBeStale;
    }

    /// <summary>How many.</summary>
    public int Count => _store.Count;

    /// <summary>True where something was committed since they were read: check conditions again under the lock.</summary>
    public bool MayBeStale { get; }

    /// <summary>Reads all rows.</summary>
    public static ChangedRows Read(StatementContext context, Operator source)
    {
        RowStore? store = null;
        MemoryHold memory = default;
        int[] columns = [];
        try
        {
            source.Open(context);
            while (source.Next() is { } batch)
            {
                context.ThrowIfStopped();
                if (store is null)
                {
                    var types = new SqlType[batch.Columns.Length];
                    columns = new int[types.Length];
                    for (int i = 0; i < types.Length; i++)
                        (types[i], columns[i]) = (batch.Column(i).Type, i);
                    store = new RowStore(types);
                }

                for (int i = 0; i < batch.SelectedCount; i++)
                    store.Add(batch, batch.RowAt(i), columns);
                memory.Set(context, store.HeldLength);
            }
        }
        finally
        {
            source.Close();
        }

        bool mayBeStale = context.HasNewerSnapshot(context.ViewFor(ScanLock.None));
        return new ChangedRows(store ?? new RowStore([]), mayBeStale);
    }

    /// <summary>The key of a row of the target at an index; empty where an outer join found none.</summary>
    public ReadOnlySpan<byte> Key(int row, int target)
    {
        ColumnVector keys = _store.Vector(row, target, out int place);
        return keys.IsNull(place) ? default : keys.GetBytes(place);
    }

    /// <summary>A computed value.</summary>
    public ColumnVector Value(int row, int column, out int place) => _store.Vector(row, column, out place);

    /// <inheritdoc/>
    public void Dispose() => _store.Clear();
}
