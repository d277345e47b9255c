using P2PDB.Isolation.History;

namespace P2PDB.Isolation.Checking;

/// <summary>
/// Which transaction wrote which version. The elements of a list at the end are its versions in order, since a list only ever
/// grows at its end; a reader that saw n elements read version n.
/// </summary>
internal sealed class VersionOrder
{
    private readonly Dictionary<int, (RecordedTransaction Transaction, Operation Operation)> _writers = [];
    private readonly Dictionary<RecordedTransaction, Dictionary<int, int>> _lastVersions = new(ReferenceEqualityComparer.Instance);

    public VersionOrder(TransactionHistory history)
    {
        Lists = history.Lists;
        foreach (RecordedTransaction transaction in history.Transactions)
        {
            foreach (Operation operation in transaction.Operations)
            {
                if (operation.Kind is OperationKind.Append or OperationKind.Join)
                    _writers.Add(operation.Id, (transaction, operation));
                if (operation.Kind == OperationKind.Join)
                    Joins.Add(operation);
                if (operation.Kind == OperationKind.Leave && IsEffective(transaction, operation))
                    Leavers.TryAdd(operation.Id, transaction);
            }
        }

        foreach ((int key, int[] list) in Lists)
        {
            for (int i = 0; i < list.Length; i++)
            {
                if (WriterOf(list[i]) is { } writer)
                    VersionsOf(writer)[key] = i + 1;
            }
        }
    }

    /// <summary>The lists at the end.</summary>
    public Dictionary<int, int[]> Lists { get; }

    /// <summary>Every attempt to make a member.</summary>
    public List<Operation> Joins { get; } = [];

    /// <summary>Who took members away, for good.</summary>
    public Dictionary<int, RecordedTransaction> Leavers { get; } = [];

    /// <summary>True where the transaction is committed and did not take the statement back.</summary>
    public static bool IsEffective(RecordedTransaction transaction, Operation operation) =>
        transaction.IsCommitted && operation.UndoneBefore == 0;

    /// <summary>Who wrote an element or a member; null where nobody did.</summary>
    public RecordedTransaction? WriterOf(int id) => _writers.TryGetValue(id, out var writer) ? writer.Transaction : null;

    /// <summary>True where somebody wrote it and it counts.</summary>
    public bool IsEffective(int id) =>
        _writers.TryGetValue(id, out var writer) && IsEffective(writer.Transaction, writer.Operation);

    /// <summary>Who wrote a version of a list, counted from 1; null where there is none.</summary>
    public RecordedTransaction? WriterOf(int key, int version) =>
        Lists.TryGetValue(key, out int[]? list) && version >= 1 && version <= list.Length ? WriterOf(list[version - 1]) : null;

    /// <summary>The last version that a transaction wrote of each list.</summary>
    public Dictionary<int, int> VersionsOf(RecordedTransaction transaction)
    {
        if (!_lastVersions.TryGetValue(transaction, out Dictionary<int, int>? versions))
            _lastVersions.Add(transaction, versions = []);
        return versions;
    }

    /// <summary>True where what was read is a version that was committed.</summary>
    public bool IsVersion(int key, int[] read) =>
        Lists.TryGetValue(key, out int[]? list) && list.AsSpan().StartsWith(read);
}
