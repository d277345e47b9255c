namespace P2PDB.Server.ResultSets;

/// <summary>The files of cursors with many rows: no more at a time than leave the node's other files and connections their room.</summary>
/// <param name="directory">Where they lie.</param>
internal sealed class CursorFiles(string directory)
{
    /// <summary>A process may have some thousands of files and sockets open.</summary>
    public const int CountMax = 1_000;

    private const int BufferLength = 64 << 10;

    private int _count;

    /// <summary>Files that are open.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Opens an empty file that nobody else reads and that is gone when it is closed.</summary>
    /// <exception cref="IOException">It cannot be had, or there are too many.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written to.</exception>
    public FileStream Open()
    {
        if (Interlocked.Increment(ref _count) > CountMax)
        {
            Interlocked.Decrement(ref _count);
            throw new IOException("Too many cursors have their rows in files.");
        }

        try
        {
            Directory.CreateDirectory(directory);
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                Options = FileOptions.DeleteOnClose,
                BufferSize = BufferLength,
            };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new FileStream(Path.Combine(directory, Path.GetRandomFileName()), options);
        }
        catch
        {
            Interlocked.Decrement(ref _count);
            throw;
        }
    }

    /// <summary>Closes a file. Never throws.</summary>
    public void Close(FileStream file)
    {
        try
        {
            file.Dispose();
        }
        catch (IOException)
        {
            // The disk is full: what its buffer still had goes with the file.
        }

        Interlocked.Decrement(ref _count);
    }
}
