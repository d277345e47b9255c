using P2PDB.Isolation.History;

namespace P2PDB.Isolation.Checking;

/// <summary>
/// What can be said of reads one by one: own writes, writes that do not count, half-done ones, old ones. What is sound becomes an
/// <see cref="Observation"/> for the graph.
/// </summary>
internal sealed class ReadCheck(VersionOrder order, LevelRules rules, Findings findings)
{
    /// <summary>The sound reads of all committed transactions.</summary>
    public List<Observation> Observations { get; } = [];

    /// <summary>Checks a committed transaction.</summary>
    public void Check(RecordedTransaction transaction)
    {
        for (int place = 0; place < transaction.Operations.Count; place++)
        {
            Operation operation = transaction.Operations[place];
            foreach ((int key, int[] read) in operation.Lists)
                CheckList(transaction, place, key, read);
            if (operation.Kind == OperationKind.ReadMembers)
                CheckMembers(transaction, place);
            if (operation.Kind == OperationKind.Append && operation.ExpectedCount is not null)
                CheckCondition(transaction, operation);
        }
    }

    /// <summary>Checks what is left at the end against what was acknowledged.</summary>
    public void CheckEnd(TransactionHistory history)
    {
        foreach (RecordedTransaction transaction in history.Transactions.Where(static one => one.IsCommitted))
        {
            foreach (Operation written in transaction.Operations)
            {
                bool isThere = written.Kind switch
                {
                    OperationKind.Append => order.Lists[written.Key].Count(id => id == written.Id) == 1,
                    OperationKind.Join => order.Leavers.ContainsKey(written.Id) || history.Members[written.Key].Contains(written.Id),
                    OperationKind.Leave => !history.Members[written.Key].Contains(written.Id),
                    _ => true,
                };
                if (!isThere && VersionOrder.IsEffective(transaction, written))
                    findings.Add(AnomalyKind.LostWrite, transaction, $"{written.Kind} {written.Id} of {written.Key} is committed and lost");
            }
        }

        foreach ((int key, int[] ids) in history.Lists.Concat(history.Members))
        {
            foreach (int id in ids.Where(id => !order.IsEffective(id)))
                findings.Add(AnomalyKind.LostWrite, [IsolationLevel.Serializable], $"{id} of {key} was rolled back and is there");
        }
    }

    /// <summary>True where a write of the transaction counts for a statement of it: done before, not taken back by then.</summary>
    private static bool IsInEffect(RecordedTransaction transaction, int written, int place)
    {
        int undone = transaction.Operations[written].UndoneBefore;
        return written < place && (undone == 0 || undone > place);
    }

    private void CheckList(RecordedTransaction transaction, int place, int key, int[] read)
    {
        bool hasOwn = false;
        for (int i = 0; i < transaction.Operations.Count; i++)
        {
            Operation own = transaction.Operations[i];
            if (own.Kind != OperationKind.Append || own.Key != key)
                continue;
            bool isSeen = read.Contains(own.Id);
            hasOwn |= isSeen;
            if (isSeen != IsInEffect(transaction, i, place))
                findings.Add(AnomalyKind.Internal, transaction, $"statement {place} {(isSeen ? "sees" : "lacks")} its own element {own.Id} of {key}");
        }

        foreach (int id in read)
        {
            RecordedTransaction? writer = order.WriterOf(id);
            if (writer is null)
                findings.Add(rules.ReadsDirty(transaction.Level) ? AnomalyKind.AbortedRead : AnomalyKind.LostWrite, transaction, $"statement {place} sees {id} of {key}, which no statement that succeeded wrote");
            else if (writer != transaction && !order.IsEffective(id))
                findings.Add(AnomalyKind.AbortedRead, transaction, $"statement {place} sees {id} of {key}, which {Findings.Name(writer)} rolled back");
        }

        int[] others = [.. read.TakeWhile(id => order.WriterOf(id) != transaction)];
        if (!order.IsVersion(key, others))
        {
            if (!rules.ReadsDirty(transaction.Level) && others.All(order.IsEffective))
                findings.Add(AnomalyKind.LostWrite, transaction, $"statement {place} sees {key} as {string.Join(',', others)}, which it never was");
            return;
        }

        if (hasOwn || rules.Ignores(transaction, transaction.Operations[place]))
            return;
        var seen = new Observation(transaction, place, key, others.Length);
        Observations.Add(seen);
        CheckAge(seen);
    }

    private void CheckAge(Observation seen)
    {
        RecordedTransaction? writer = order.WriterOf(seen.Key, seen.Version);
        RecordedTransaction? next = order.WriterOf(seen.Key, seen.Version + 1);
        if (writer is not null && writer == next && writer != seen.Reader)
            findings.Add(AnomalyKind.IntermediateRead, seen.Reader, $"statement {seen.Place} sees version {seen.Version} of {seen.Key}, not the last of {Findings.Name(writer)}");

        bool isWholeMoment = seen.Reader.Level >= IsolationLevel.RepeatableRead && seen.Operation.Mode == ReadMode.Plain;
        long from = isWholeMoment ? seen.Reader.Began : seen.Operation.Started;
        if (next is not null && next != seen.Reader && next.Ended < from)
            findings.Add(AnomalyKind.StaleRead, seen.Reader, $"statement {seen.Place} sees version {seen.Version} of {seen.Key}, but {Findings.Name(next)} had committed the next");
    }

    private void CheckMembers(RecordedTransaction transaction, int place)
    {
        Operation read = transaction.Operations[place];
        HashSet<int> isSeen = [.. read.Members];
        HashSet<int> expected = [];
        for (int i = 0; i < transaction.Operations.Count; i++)
        {
            Operation own = transaction.Operations[i];
            if (own.Key != read.Key || own.Kind is not (OperationKind.Join or OperationKind.Leave))
                continue;
            bool isIn = own.Kind == OperationKind.Join;
            bool isInEffect = IsInEffect(transaction, i, place);
            bool isWrong = isIn ? isSeen.Contains(own.Id) != isInEffect : isInEffect && isSeen.Contains(own.Id);
            if (isWrong)
                findings.Add(AnomalyKind.Internal, transaction, $"statement {place} {(isSeen.Contains(own.Id) ? "sees" : "lacks")} member {own.Id} of {read.Key}, its own {own.Kind}");
            if (isIn)
                expected.Add(own.Id);
        }

        foreach (int id in read.Members.Where(id => !expected.Contains(id) && !order.IsEffective(id)))
            findings.Add(AnomalyKind.AbortedRead, transaction, $"statement {place} sees member {id} of {read.Key}, which does not count");
        if (isSeen.Count != read.Members.Length)
            findings.Add(AnomalyKind.FracturedRead, transaction, $"statement {place} sees a member of {read.Key} twice");
    }

    private void CheckCondition(RecordedTransaction transaction, Operation append)
    {
        int version = Array.IndexOf(order.Lists[append.Key], append.Id);
        if (version >= 0 && version != append.ExpectedCount)
            findings.Add(AnomalyKind.WrongCondition, transaction, $"{append.Id} of {append.Key} was to follow version {append.ExpectedCount} and follows {version}");
    }
}
