namespace P2PDB.Engine.Transactions;

/// <summary>
/// State of a locked key that several owners have to do with: who holds it and who waits, first come first served. Guarded by the
/// lock table.
/// </summary>
internal sealed class KeyLock
{
    /// <summary>Hash of tree and key, the key's name in the table.</summary>
    public ulong Name { get; set; }

    /// <summary>The one exclusive holder, or null.</summary>
    public LockOwner? ExclusiveHolder { get; set; }

    /// <summary>The shared holders; empty while there is an exclusive one.</summary>
    public List<LockOwner> SharedHolders { get; } = [];

    /// <summary>Owners that wait, in order of arrival.</summary>
    public List<LockOwner> Waiters { get; } = [];

    /// <summary>True when nobody holds the key and nobody waits for it.</summary>
    public bool IsIdle => ExclusiveHolder is null && SharedHolders.Count == 0 && Waiters.Count == 0;

    /// <summary>The only one who has to do with the key, a holder of it; null where there are none or several.</summary>
    public LockOwner? SoleHolder =>
        Waiters.Count > 0 ? null : ExclusiveHolder ?? (SharedHolders.Count == 1 ? SharedHolders[0] : null);

    /// <summary>True when <paramref name="owner"/> holds the key strongly enough for <paramref name="mode"/>.</summary>
    public bool IsHeldBy(LockOwner owner, LockMode mode) =>
        ReferenceEquals(ExclusiveHolder, owner) || (mode == LockMode.Shared && SharedHolders.Contains(owner));

    /// <summary>True when no other holder stands against <paramref name="mode"/> for <paramref name="owner"/>.</summary>
    public bool Admits(LockOwner owner, LockMode mode)
    {
        if (ExclusiveHolder is not null)
            return ReferenceEquals(ExclusiveHolder, owner);
        if (mode == LockMode.Shared)
            return true;
        return SharedHolders.Count == 0 || (SharedHolders.Count == 1 && ReferenceEquals(SharedHolders[0], owner));
    }

    /// <summary>The owner holds the key no more.</summary>
    public void Release(LockOwner owner)
    {
        if (ReferenceEquals(ExclusiveHolder, owner))
            ExclusiveHolder = null;
        else
            SharedHolders.Remove(owner);
    }

    /// <summary>Makes <paramref name="owner"/> a holder; true when it held nothing of this key before.</summary>
    public bool Grant(LockOwner owner, LockMode mode)
    {
        if (mode == LockMode.Shared)
        {
            if (IsHeldBy(owner, LockMode.Shared))
                return false;
            SharedHolders.Add(owner);
            return true;
        }

        bool isNew = !SharedHolders.Remove(owner) && !ReferenceEquals(ExclusiveHolder, owner);
        ExclusiveHolder = owner;
        return isNew;
    }
}
