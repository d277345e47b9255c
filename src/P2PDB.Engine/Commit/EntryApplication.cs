using P2PDB.Engine.Log;

namespace P2PDB.Engine.Commit;

/// <summary>Gives entries that count to the applier, and parts together once their last is there.</summary>
internal sealed class EntryApplication(IEntryApplier applier) : IDisposable
{
    private readonly EntryGroup _group = new();
    private readonly List<EntryPosition> _positions = [];

    /// <summary>
    /// Applies what a held entry completes; <paramref name="bytes"/> are the entry's own, or empty where they are to be read from the log.
    /// </summary>
    public void Apply(DatabaseLog log, EntryPosition position, ReadOnlySpan<byte> bytes)
    {
        if (log.StandingOf(position) != EntryStanding.Effective)
            return;
        log.GetCompleted(position, _positions);
        if (_positions.Count == 0)
            return;
        if (!AreEffective(log) || !_group.TryBegin(log, _positions, bytes) || applier.Apply(log, _group) == EntryStanding.Void)
        {
            foreach (EntryPosition part in _positions)
                log.SetVoid(part);
        }
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose() => _group.Dispose();

    private bool AreEffective(DatabaseLog log)
    {
        foreach (EntryPosition part in _positions)
        {
            if (log.StandingOf(part) != EntryStanding.Effective)
                return false;
        }

        return true;
    }
}
