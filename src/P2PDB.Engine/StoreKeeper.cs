using P2PDB.Engine.Commit;
using P2PDB.Engine.Storage.Devices;
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
    private IOException? _failure;

    /// <summary>Does what is due.</summary>
    public void Tick()
    {
        if (_failure is not null)
            return;
        try
        {
            bool isCompacted = store.Compact();
            if (isCompacted || store.Snapshots.Current.CommitNumber - _lastCommit >= CommitsMin)
                Checkpoint();
        }
        catch (DiskFullException)
        {
            // The checkpoint before stays; the next tick tries again.
        }
        catch (ObjectDisposedException)
        {
            // The node ends: what this checkpoint would have had, the log has.
        }
        catch (IOException failure)
        {
            // The page file says so itself to whoever needs it next; rows are rebuilt from the log at the next start.
            _failure = failure;
        }
    }

    /// <summary>Makes a checkpoint of the newest state.</summary>
    private void Checkpoint()
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
