using P2PDB.Engine.Log;

namespace P2PDB.Engine.Commit;

/// <summary>
/// What turns effective entries into rows. Called by the commit loop alone, one call at a time; what it changes between
/// <see cref="Begin"/> and <see cref="Publish"/> becomes visible at once.
/// </summary>
internal interface IEntryApplier
{
    /// <summary>
    /// False when there is no room for what entries with so many bytes of changes would become. Asked before they are taken into
    /// the log, from where on they must be applied.
    /// </summary>
    public bool TryReserve(long length);

    /// <summary>Starts a write.</summary>
    public void Begin();

    /// <summary>
    /// Applies one entry, or all parts of one transaction. Returns <see cref="EntryStanding.Effective"/>, or
    /// <see cref="EntryStanding.Void"/> when an operation does not fit, and then nothing of it was applied.
    /// </summary>
    public EntryStanding Apply(DatabaseLog log, EntryGroup entries);

    /// <summary>Makes everything since <see cref="Begin"/> visible under a commit number, which grows by one each time.</summary>
    public void Publish(long commitNumber);

    /// <summary>Forgets a database that was dropped. Called between <see cref="Begin"/> and <see cref="Publish"/>.</summary>
    public void Drop(DatabaseLog log);
}
