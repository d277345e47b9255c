using P2PDB.Engine.Commit;
using P2PDB.Engine.Storage.Pages;

namespace P2PDB.Engine;

/// <summary>
/// Keeps a page store within bounds while commits go on: a checkpoint now and then, so that page numbers and the page file's
/// log are given back, and compaction. One thread at a time.
/// </summary>
internal sealed class StoreKeeper(PageStore store, CommitLoop commits)
{
    /// <summary>Commits between two checkpoints at least, so that an idle node writes nothing.</summary>
    private const long CommitsMin = 1_000;

    private long _lastCommit;

    /// <summary>Does what is due.</summary>
    public void Tick()
    {
        bool isCompacted = store.Compact();
        if (isCompacted || store.Snapshots.Current.CommitNumber - _lastCommit >= CommitsMin)
            Checkpoint();
    }

    /// <summary>Makes a checkpoint of the newest state.</summary>
    public void Checkpoint()
    {
        PageCheckpoint? checkpoint = null;
        commits.RunExclusively(() => checkpoint = store.BeginCheckpoint());
        if (checkpoint is null)
            return; // the commit loop has stopped
        using (checkpoint)
        {
            checkpoint.Complete([]);
            _lastCommit = checkpoint.CommitNumber;
        }
    }
}
