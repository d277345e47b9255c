namespace P2PDB.Engine.Types;

/// <summary>The conditions of one statement, as SHOW WARNINGS lists them: the first 1,024, and a count of all.</summary>
public sealed class DiagnosticsArea
{
    /// <summary>MySQL's default max_error_count.</summary>
    public const int KeptCountMax = 1024;

    private readonly List<SqlError> _conditions = [];

    /// <summary>The kept conditions, in order.</summary>
    public IReadOnlyList<SqlError> Conditions => _conditions;

    /// <summary>All conditions, kept or not: what the OK packet carries.</summary>
    public int TotalCount { get; private set; }

    /// <summary>Adds a condition.</summary>
    public void Add(SqlError condition)
    {
        TotalCount++;
        if (_conditions.Count < KeptCountMax)
            _conditions.Add(condition);
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        if (TotalCount == 0)
            return;
        _conditions.Clear();
        TotalCount = 0;
    }
}
