using P2PDB.Isolation.History;

namespace P2PDB.Isolation.Checking;

/// <summary>Collects anomalies: how many of each kind, and the first of each as an example, the forbidden ones apart.</summary>
internal sealed class Findings(LevelRules rules)
{
    private readonly Dictionary<(AnomalyKind Kind, bool IsForbidden), (int Count, string Example)> _found = [];

    /// <summary>The first of each kind.</summary>
    public IEnumerable<Anomaly> Examples => _found.Select(one => new Anomaly(one.Key.Kind, one.Key.IsForbidden, one.Value.Example));

    /// <summary>Those that a level rules out.</summary>
    public IEnumerable<Anomaly> Forbidden => Examples.Where(static anomaly => anomaly.IsForbidden);

    /// <summary>How many of a kind, forbidden or not.</summary>
    public int CountOf(AnomalyKind kind) => _found.Where(one => one.Key.Kind == kind).Sum(static one => one.Value.Count);

    /// <summary>Adds one that shows in transactions of the levels given.</summary>
    public void Add(AnomalyKind kind, IEnumerable<IsolationLevel> levels, string explanation)
    {
        bool isForbidden = rules.Forbids(levels.Min(), kind);
        (int count, string example) = _found.GetValueOrDefault((kind, isForbidden), (0, explanation));
        _found[(kind, isForbidden)] = (count + 1, example);
    }

    /// <summary>Adds one that shows in one transaction.</summary>
    public void Add(AnomalyKind kind, RecordedTransaction transaction, string explanation) =>
        Add(kind, [transaction.Level], $"{Name(transaction)}: {explanation}");

    /// <summary>Session, level and time of a transaction, to find it by in the history.</summary>
    public static string Name(RecordedTransaction transaction) => $"[{transaction.Level} s{transaction.Session} at {transaction.Began}]";
}
