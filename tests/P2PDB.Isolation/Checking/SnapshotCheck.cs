using P2PDB.Isolation.History;

namespace P2PDB.Isolation.Checking;

/// <summary>What can be said of the reads of one transaction together: P2, OTV, fractured reads, P4.</summary>
internal sealed class SnapshotCheck(VersionOrder order, Findings findings)
{
    /// <summary>Checks all that one transaction observed.</summary>
    public void Check(IReadOnlyList<Observation> seen)
    {
        foreach (Observation one in seen)
            CheckUpdate(one);
        Observation[] plain = [.. seen.Where(static one => one.Operation.Mode == ReadMode.Plain)];
        foreach (Observation first in plain)
        {
            foreach (Observation second in plain.Where(second => second.Place >= first.Place))
                Compare(first, second);
        }
    }

    private void Compare(Observation first, Observation second)
    {
        if (first.Key == second.Key)
        {
            if (first.Version != second.Version)
                findings.Add(AnomalyKind.NonRepeatableRead, first.Reader, $"{first.Key} had {first.Version} elements, then {second.Version}");
            return;
        }

        for (int version = 1; version <= first.Version; version++)
        {
            RecordedTransaction? writer = order.WriterOf(first.Key, version);
            if (writer is null || !order.VersionsOf(writer).TryGetValue(second.Key, out int missed) || missed <= second.Version)
                continue;
            findings.Add(
                first.Place == second.Place ? AnomalyKind.FracturedRead : AnomalyKind.ObservedTransactionVanishes, first.Reader,
                $"statement {first.Place} sees {Findings.Name(writer)} in {first.Key}, statement {second.Place} does not in {second.Key}");
            return;
        }
    }

    /// <summary>P4: read, then written, and somebody else in between.</summary>
    private void CheckUpdate(Observation seen)
    {
        Operation? append = seen.Reader.Operations.Skip(seen.Place)
            .FirstOrDefault(one => one.Kind == OperationKind.Append && one.Key == seen.Key && one.UndoneBefore == 0);
        if (append is null)
            return;
        int before = Array.IndexOf(order.Lists[seen.Key], append.Id);
        if (before > seen.Version)
            findings.Add(AnomalyKind.LostUpdate, seen.Reader, $"read version {seen.Version} of {seen.Key} and wrote over version {before}");
    }
}
