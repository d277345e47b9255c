using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Storage.Scratch;

namespace P2PDB.Engine.Execution.Spilling;

/// <summary>
/// The scratch files of one statement. Operators close theirs when they are done; the statement's end closes what is left, so that
/// none outlives it however it ended. What the disk refuses ends the statement as any failure of the store does.
/// </summary>
internal sealed class StatementScratch(SessionState session)
{
    private readonly HashSet<ScratchFile> _open = [];

    /// <summary>Opens a file; <see cref="Close"/> removes it.</summary>
    public ScratchFile Open()
    {
        ScratchFile file = session.Node.Transactions.Scratch.Open();
        _open.Add(file);
        session.Counters.Add(StatusCounter.CreatedTmpFiles);
        return file;
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
}
