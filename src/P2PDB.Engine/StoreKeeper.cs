using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Pages;

namespace P2PDB.Engine;

/// <summary>
/// Keeps a page store within bounds while commits go on: a checkpoint now and then, so that recovery is short and what the page
/// file no longer needs is given back, and compaction. One thread at a time.
/// </summary>
internal sealed class StoreKeeper(PageStore store, CommitLoop commits, RowWatch applier, NodeLog log, long interval)
{
    /// <summary>The page file may grow by this many times the interval between two checkpoints.</summary>
    private const long GrowthPerInterval = 4;

    /// <summary>Pieces of the page file compacted in one turn at most: the next turn goes on.</summary>
    private const int PiecesMax = 8;

    private readonly Lock _gate = new();
    private long _keptLength;
    private IOException? _failure;

    /// <summary>Does what is due.</summary>
    public void Tick() => Try(isForced: false);

    /// <summary>Makes a checkpoint whatever is due: the next start has nothing to apply then.</summary>
    public void MakeCheckpoint() => Try(isForced: true);

    /// <summary>Before the node ends: a last checkpoint where there is something new, unless the disk does not take it.</summary>
    public void End()
    {
        if (applier.AppliedLength != Interlocked.Read(ref _keptLength))
            MakeCheckpoint();
    }

    private bool IsDue() =>
        applier.AppliedLength - _keptLength >= interval || store.GrowthSinceCheckpoint >= GrowthPerInterval * interval;

    private void Try(bool isForced)
    {
        lock (_gate)
        {
            if (_failure is not null)
                return;
            try
            {
                // What compaction left behind is given back with the next checkpoint: one for all pieces.
                if (isForced || HasCompacted() || IsDue())
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
                // The page file says so itself to whoever needs it next; the checkpoint before stays.
                _failure = failure;
            }
        }
    }

    private bool HasCompacted()
    {
        int pieces = 0;
        while (pieces < PiecesMax && store.Compact())
            pieces++;
        return pieces > 0;
    }

    private void Checkpoint()
    {
        PageCheckpoint? checkpoint = null;
        RecoveryPoint? point = null;
        long length = 0;
        commits.RunExclusively(() =>
        {
            // A checkpoint may not have what a power loss takes from the log.
            log.Journal.Sync();
            point = applier.TakePoint(log);
            length = applier.AppliedLength;
            checkpoint = store.BeginCheckpoint();
        });
        if (checkpoint is null)
            return; // the commit loop has stopped
        using (checkpoint)
        {
            checkpoint.Complete(point!.ToBytes());
            Interlocked.Exchange(ref _keptLength, length);
        }
    }
}
