using P2PDB.Isolation.Checking;
using P2PDB.Isolation.History;

namespace P2PDB.Isolation;

/// <summary>Adds up what was seen at which level, the allowed too: a level that shows nothing was not tried hard enough.</summary>
internal sealed class AnomalyTally
{
    private const int Mixed = -1;

    private readonly SortedDictionary<int, (int Histories, int Committed, int RolledBack)> _levels = [];
    private readonly Dictionary<(int Level, AnomalyKind Kind), int> _counts = [];

    /// <summary>Adds a history.</summary>
    public void Add(IsolationLevel? level, TransactionHistory history, Findings findings)
    {
        int row = level is { } one ? (int)one : Mixed;
        int committed = history.Transactions.Count(static transaction => transaction.IsCommitted);
        (int histories, int before, int rolledBack) = _levels.GetValueOrDefault(row);
        _levels[row] = (histories + 1, before + committed, rolledBack + history.Transactions.Count - committed);
        foreach (AnomalyKind kind in Enum.GetValues<AnomalyKind>())
            _counts[(row, kind)] = _counts.GetValueOrDefault((row, kind)) + findings.CountOf(kind);
    }

    /// <summary>Prints a line for each level.</summary>
    public void Print(TextWriter target)
    {
        foreach ((int row, (int histories, int committed, int rolledBack)) in _levels)
        {
            string name = row == Mixed ? "all levels together" : ((IsolationLevel)row).ToString();
            string seen = string.Join(", ", Enum.GetValues<AnomalyKind>()
                .Where(kind => _counts[(row, kind)] > 0).Select(kind => $"{kind} {_counts[(row, kind)]}"));
            target.WriteLine($"{name}: {histories} histories, {committed} committed, {rolledBack} rolled back; {(seen.Length == 0 ? "nothing" : seen)}");
        }
    }
}
