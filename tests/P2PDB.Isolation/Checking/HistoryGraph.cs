using P2PDB.Isolation.History;

namespace P2PDB.Isolation.Checking;

// WHAT IS WHOLE
//
// In the graph of whole transactions each one is a node, and the circles have the names of Adya's phenomena. What a level promises
// is finer: there is an order of commits in which every part that is whole at that level has one place. The parts are
//   SERIALIZABLE      the transaction
//   REPEATABLE READ   all plain reads together (the snapshot); and the writes with the locked rows, at the commit
//   READ COMMITTED    each plain read by itself; and the writes with the locked rows, at the commit
// A plain read of a list that the transaction has written before sees its own version and has no edges. A locking read by predicate
// is no promise about rows that it does not find (P2PDB has no gap locks): for those it is a part by itself. Parts of one
// transaction follow each other in the order of its statements, and the commit is the last of them.

/// <summary>The dependencies of a history, between whole transactions or between the parts that their levels keep whole.</summary>
internal sealed class HistoryGraph
{
    private readonly VersionOrder _order;
    private readonly LevelRules _rules;
    private readonly bool _isSplit;
    private readonly List<RecordedTransaction> _owners = [];
    private readonly Dictionary<RecordedTransaction, int> _commits = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(RecordedTransaction Transaction, int Place), int> _parts = [];

    private HistoryGraph(VersionOrder order, LevelRules rules, bool isSplit)
    {
        _order = order;
        _rules = rules;
        _isSplit = isSplit;
    }

    /// <summary>The edges.</summary>
    public DependencyGraph Edges { get; } = new();

    /// <summary>The graph whose nodes are transactions.</summary>
    public static HistoryGraph OfTransactions(
        TransactionHistory history, VersionOrder order, LevelRules rules, IReadOnlyList<Observation> seen) =>
        new HistoryGraph(order, rules, isSplit: false).Build(history, seen);

    /// <summary>The graph whose nodes are what the levels keep whole.</summary>
    public static HistoryGraph OfParts(
        TransactionHistory history, VersionOrder order, LevelRules rules, IReadOnlyList<Observation> seen) =>
        new HistoryGraph(order, rules, isSplit: true).Build(history, seen);

    /// <summary>Whose a node is.</summary>
    public RecordedTransaction OwnerOf(int node) => _owners[node];

    private HistoryGraph Build(TransactionHistory history, IReadOnlyList<Observation> seen)
    {
        foreach (RecordedTransaction transaction in history.Transactions.Where(static one => one.IsCommitted))
            _commits.Add(transaction, AddNode(transaction));
        foreach (RecordedTransaction transaction in _commits.Keys)
            AddParts(transaction);
        foreach ((int key, int[] list) in _order.Lists)
        {
            for (int version = 1; version < list.Length; version++)
                Add(CommitOf(_order.WriterOf(key, version)), CommitOf(_order.WriterOf(key, version + 1)), EdgeKind.Overwrites, $"{key} version {version + 1}");
        }

        foreach (Observation one in seen)
            AddRead(one);
        foreach ((int id, RecordedTransaction leaver) in _order.Leavers)
            Add(CommitOf(_order.WriterOf(id)), CommitOf(leaver), EdgeKind.Overwrites, $"member {id}");
        foreach (RecordedTransaction transaction in _commits.Keys)
            AddMemberReads(transaction);
        return this;
    }

    private int AddNode(RecordedTransaction owner)
    {
        _owners.Add(owner);
        return Edges.AddNode();
    }

    private void AddParts(RecordedTransaction transaction)
    {
        if (!_isSplit || transaction.Level == IsolationLevel.Serializable)
            return;
        int snapshot = -1;
        int last = -1;
        for (int place = 0; place < transaction.Operations.Count; place++)
        {
            Operation operation = transaction.Operations[place];
            if (operation.Kind is not (OperationKind.Read or OperationKind.ReadMembers))
                continue;
            bool isSnapshot = operation.Mode == ReadMode.Plain && transaction.Level == IsolationLevel.RepeatableRead;
            int part = isSnapshot && snapshot >= 0 ? snapshot : AddNode(transaction);
            _parts.Add((transaction, place), part);
            if (part == snapshot)
                continue;
            if (isSnapshot)
                snapshot = part;
            if (last >= 0)
                Edges.AddEdge(last, part, EdgeKind.Follows, "the statement before");
            last = part;
        }

        if (last >= 0)
            Edges.AddEdge(last, _commits[transaction], EdgeKind.Follows, "the commit");
    }

    private int CommitOf(RecordedTransaction? transaction) =>
        transaction is not null && _commits.TryGetValue(transaction, out int node) ? node : -1;

    private int PartOf(RecordedTransaction transaction, int place) =>
        _parts.TryGetValue((transaction, place), out int part) ? part : _commits[transaction];

    private void Add(int from, int to, EdgeKind kind, string cause)
    {
        if (from >= 0 && to >= 0)
            Edges.AddEdge(from, to, kind, cause);
    }

    private void AddRead(Observation seen)
    {
        bool isLocked = seen.Operation.Mode != ReadMode.Plain;
        int node = isLocked ? _commits[seen.Reader] : PartOf(seen.Reader, seen.Place);
        RecordedTransaction? writer = _order.WriterOf(seen.Key, seen.Version);
        RecordedTransaction? next = _order.WriterOf(seen.Key, seen.Version + 1);
        string cause = $"{seen.Key} version {seen.Version}";
        if (writer != seen.Reader)
            Add(CommitOf(writer), node, EdgeKind.Reads, cause);
        if (next != seen.Reader)
            Add(node, CommitOf(next), EdgeKind.ReadBefore, cause);
    }

    private void AddMemberReads(RecordedTransaction reader)
    {
        for (int place = 0; place < reader.Operations.Count; place++)
        {
            Operation read = reader.Operations[place];
            if (read.Kind != OperationKind.ReadMembers || _rules.Ignores(reader, read))
                continue;
            int part = PartOf(reader, place);
            int found = read.Mode == ReadMode.Plain ? part : _commits[reader];
            HashSet<int> members = [.. read.Members];
            foreach (Operation join in _order.Joins.Where(join => join.Key == read.Key && _order.WriterOf(join.Id) != reader))
            {
                int joiner = CommitOf(_order.WriterOf(join.Id));
                RecordedTransaction? leaver = _order.Leavers.GetValueOrDefault(join.Id);
                bool isThere = members.Contains(join.Id);
                if (leaver == reader || join.UndoneBefore != 0)
                    continue;
                if (isThere)
                {
                    Add(joiner, found, EdgeKind.Reads, $"member {join.Id} of {read.Key}");
                    Add(found, CommitOf(leaver), EdgeKind.ReadBefore, $"member {join.Id} of {read.Key}");
                }
                else if (leaver is null)
                {
                    Add(part, joiner, EdgeKind.Missed, $"member {join.Id} of {read.Key}");
                }
            }
        }
    }
}
