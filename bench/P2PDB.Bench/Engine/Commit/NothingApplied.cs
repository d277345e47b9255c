using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;

namespace P2PDB.Bench.Engine.Commit;

/// <summary>Takes entries and makes no rows of them, so that a commit's own cost shows.</summary>
internal sealed class NothingApplied : IEntryApplier
{
    public bool TryReserve(long length) => true;

    public void Begin()
    {
    }

    public EntryStanding Apply(DatabaseLog log, EntryGroup entries) => EntryStanding.Effective;

    public void Publish(long commitNumber)
    {
    }

    public void Drop(DatabaseLog log)
    {
    }
}
