namespace P2PDB.Engine.Log;

/// <summary>One more history file on its way: it counts once it is kept, and disposing it before leaves nothing of it.</summary>
internal sealed class HistoryAddition(HistoryFiles files, HistoryFileWriter writer, int number) : IDisposable
{
    private bool _isKept;

    /// <summary>Appends the next entry; returns where it lies once the file is kept.</summary>
    public EntryPlace Add(ReadOnlySpan<byte> entry)
    {
        int offset = writer.Add(entry);
        return new EntryPlace(number, writer.BlockCount, offset, entry.Length);
    }

    /// <summary>Writes the end, and gives the file its name: durable on return.</summary>
    public void Keep()
    {
        writer.Finish();
        writer.Dispose();
        files.Keep(number);
        _isKept = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        writer.Dispose();
        if (!_isKept)
            files.Discard();
    }
}
