namespace P2PDB.Engine.Log;

/// <summary>
/// Entries that cannot be held yet: what they build on is missing, they are ahead of the clock, or nobody vouches for their
/// author. Bounded; lost at a restart, since peers send them again.
/// </summary>
internal sealed class ParkedEntries
{
    private const int LengthMax = 16 * 1024 * 1024;
    private const int CountMax = 16 * 1024;
    private readonly Dictionary<EntryId, ParkedEntry> _entries = [];
    private readonly Dictionary<EntryId, List<EntryId>> _waiting = [];
    private readonly HashSet<EntryId> _wanted = [];

    /// <summary>Entries parked.</summary>
    public int Count => _entries.Count;

    /// <summary>Bytes of the entries parked.</summary>
    public int Length { get; private set; }

    /// <summary>Ids that members' entries wait for, parked ones left out: what to ask peers for.</summary>
    public List<EntryId> Missing()
    {
        List<EntryId> missing = [];
        foreach (EntryId id in _waiting.Keys)
        {
            if (!_entries.ContainsKey(id))
                missing.Add(id);
        }

        return missing;
    }

    /// <summary>True when the entry is parked already.</summary>
    public bool Contains(in EntryId id) => _entries.ContainsKey(id);

    /// <summary>True when an entry of someone who was let in reaches this one.</summary>
    public bool IsWanted(in EntryId id) => _wanted.Contains(id);

    /// <summary>Says that an entry of someone who was let in reaches this one.</summary>
    public void Want(in EntryId id)
    {
        if (_wanted.Count < CountMax)
            _wanted.Add(id);
    }

    /// <summary>Parks an entry until <paramref name="missing"/> is held (or zero: until asked for); false when full.</summary>
    public bool TryPark(in EntryId id, ReadOnlySpan<byte> entry, in EntryId missing, AppendStatus reason)
    {
        if (_entries.Count >= CountMax || Length + entry.Length > LengthMax)
            return false;
        _entries[id] = new ParkedEntry(id, entry.ToArray(), reason);
        Length += entry.Length;
        if (!missing.IsZero)
        {
            if (!_waiting.TryGetValue(missing, out List<EntryId>? waiting))
                _waiting[missing] = waiting = [];
            waiting.Add(id);
        }

        return true;
    }

    /// <summary>Takes out the entries that wait for <paramref name="arrived"/>.</summary>
    public void TakeWaiting(in EntryId arrived, Queue<ParkedEntry> target)
    {
        _wanted.Remove(arrived);
        if (!_waiting.Remove(arrived, out List<EntryId>? waiting))
            return;
        foreach (EntryId id in waiting)
            Take(id, target);
    }

    /// <summary>Takes out the entries that wait for a reason other than a missing parent.</summary>
    public void TakeAll(AppendStatus reason, Queue<ParkedEntry> target)
    {
        List<EntryId> ids = [];
        foreach (ParkedEntry entry in _entries.Values)
        {
            if (entry.Reason == reason)
                ids.Add(entry.Id);
        }

        foreach (EntryId id in ids)
            Take(id, target);
    }

    /// <summary>Takes out one entry, if it is here.</summary>
    public void Take(in EntryId id, Queue<ParkedEntry> target)
    {
        if (!_entries.Remove(id, out ParkedEntry? entry))
            return;
        Length -= entry.Bytes.Length;
        target.Enqueue(entry);
    }
}
