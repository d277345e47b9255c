using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Commit;

/// <summary>Gives entries that count to the applier, and parts together once their last is there.</summary>
internal sealed class EntryApplication(IEntryApplier applier) : IDisposable
{
    private readonly EntryGroup _group = new();
    private readonly ByteWriter _part = new();
    private readonly List<EntryPosition> _positions = [];

    /// <summary>Applies what a held entry completes; <paramref name="bytes"/> are the entry's own.</summary>
    public void Apply(DatabaseLog log, EntryPosition position, ReadOnlySpan<byte> bytes)
    {
        if (log.StandingOf(position) != EntryStanding.Effective)
            return;
        log.GetCompleted(position, _positions);
        if (_positions.Count == 0)
            return;

        _group.Clear();
        foreach (EntryPosition part in _positions)
        {
            if (!TryAdd(log, part, part == position ? bytes : ReadPart(log, part)))
            {
                SetVoid(log);
                return;
            }
        }

        if (applier.Apply(log, _group) == EntryStanding.Void)
            SetVoid(log);
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        _group.Dispose();
        _part.Dispose();
    }

    private bool TryAdd(DatabaseLog log, EntryPosition position, ReadOnlySpan<byte> bytes) =>
        log.StandingOf(position) == EntryStanding.Effective
        && EntryReader.TryRead(bytes, out EntryReader entry) == EntryStatus.Valid
        && _group.TryAdd(entry, log.IdOf(position), position);

    private ReadOnlySpan<byte> ReadPart(DatabaseLog log, EntryPosition position)
    {
        _part.Clear();
        log.ReadEntry(position, _part);
        return _part.Written;
    }

    private void SetVoid(DatabaseLog log)
    {
        foreach (EntryPosition position in _positions)
            log.SetVoid(position);
    }
}
