using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Scratch;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Spilling;

/// <summary>
/// The scratch files of one statement. Operators close theirs when they are done; the statement's end closes what is left, so that
/// none outlives it however it ended. What the disk refuses ends the statement: error 1021 where it is full, else 1030.
/// </summary>
internal sealed class StatementScratch(SessionState session)
{
    private readonly HashSet<ScratchFile> _open = [];

    /// <summary>Opens a file; <see cref="Close"/> removes it.</summary>
    public ScratchFile Open()
    {
        try
        {
            ScratchFile file = session.Node.Transactions.Scratch.Open();
            _open.Add(file);
            session.Counters.Add(StatusCounter.CreatedTmpFiles);
            return file;
        }
        catch (IOException failure)
        {
            throw ErrorOf(failure);
        }
    }

    /// <summary>Removes a file of this or an earlier statement.</summary>
    public void Close(ScratchFile file)
    {
        _open.Remove(file);
        file.Dispose();
    }

    /// <summary>Removes all files.</summary>
    public void CloseAll()
    {
        if (_open.Count == 0)
            return;
        foreach (ScratchFile file in _open)
            file.Dispose();
        _open.Clear();
    }

    /// <summary>How a statement ends whose file cannot be written or read.</summary>
    public static SqlException ErrorOf(IOException failure) => (failure is DiskFullException
        ? SqlErrors.DiskFull("scratch", 28, "No space left on device") : SqlErrors.StorageFailed(failure.Message)).ToException();
}
