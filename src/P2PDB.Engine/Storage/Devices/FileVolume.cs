namespace P2PDB.Engine.Storage.Devices;

/// <summary>
/// A directory of the system. Files and directories it creates are for their owner alone, since keys lie among them.
/// </summary>
internal sealed class FileVolume : StorageVolume
{
    private const string LockFileName = "lock";
    private readonly string _root;
    private Microsoft.Win32.SafeHandles.SafeFileHandle? _lock;

    /// <summary>Uses the directory <paramref name="root"/>, creating it where it is absent.</summary>
    public FileVolume(string root)
    {
        _root = Path.GetFullPath(root);
        CreateOwned(_root);
    }

    /// <inheritdoc/>
    public override string Name => _root;

    /// <inheritdoc/>
    public override bool TryLock()
    {
        if (_lock is not null)
            return true;
        try
        {
            // FileShare.None is flock(LOCK_EX | LOCK_NB) on Unix and a share mode on Windows; both end with the process.
            _lock = File.OpenHandle(PathOf(LockFileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override StorageFile Open(string path, StorageOpening opening, bool writeThrough = false) =>
        new SystemFile(PathOf(path), opening, writeThrough);

    /// <inheritdoc/>
    public override bool Exists(string path) => File.Exists(PathOf(path));

    /// <inheritdoc/>
    public override void Rename(string source, string target) =>
        File.Move(PathOf(source), PathOf(target), overwrite: true);

    /// <inheritdoc/>
    public override void Delete(string path)
    {
        if (Exists(path))
            File.Delete(PathOf(path));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> List(string directory) =>
        Names(directory, path => Directory.GetFiles(path));

    /// <inheritdoc/>
    public override IReadOnlyList<string> ListDirectories(string directory) =>
        Names(directory, path => Directory.GetDirectories(path));

    /// <inheritdoc/>
    public override void CreateDirectory(string path)
    {
        if (Directory.Exists(PathOf(path)))
            return;
        string above = DirectoryOf(path);
        if (above.Length > 0)
            CreateDirectory(above);
        CreateOwned(PathOf(path));
        SyncDirectory(above);
    }

    /// <inheritdoc/>
    public override void DeleteDirectory(string path)
    {
        if (!Directory.Exists(PathOf(path)))
            return;
        Directory.Delete(PathOf(path), recursive: true);
        SyncDirectory(DirectoryOf(path));
    }

    /// <inheritdoc/>
    public override void SyncDirectory(string path) => SystemCalls.SyncDirectory(PathOf(path));

    /// <inheritdoc/>
    public override FileIdentity IdentityOf(string path) => SystemCalls.IdentityOf(PathOf(path));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // The lock file stays: removing it would let two processes lock two files of one name.
        _lock?.Dispose();
        _lock = null;
    }

    private static void CreateOwned(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private string PathOf(string path) => path.Length == 0 ? _root : Path.Combine(_root, path);

    private List<string> Names(string directory, Func<string, string[]> list)
    {
        List<string> names = [];
        if (Directory.Exists(PathOf(directory)))
        {
            foreach (string path in list(PathOf(directory)))
                names.Add(Path.GetFileName(path));
        }

        names.Sort(StringComparer.Ordinal);
        return names;
    }
}
