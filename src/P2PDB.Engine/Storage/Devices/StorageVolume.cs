namespace P2PDB.Engine.Storage.Devices;

/// <summary>
/// One directory tree that files are kept in: the system's (<see cref="FileVolume"/>), or one in memory that can forget what was
/// not synced (<see cref="MemoryVolume"/>). Paths are relative with forward slashes. A full disk is a
/// <see cref="DiskFullException"/>, any other failure of the device an <see cref="IOException"/>.
/// </summary>
internal abstract class StorageVolume : IDisposable
{
    /// <summary>What messages call this volume: the directory.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Takes the volume for this process until <see cref="Dispose()"/>; false while another process has it.
    /// </summary>
    public abstract bool TryLock();

    /// <summary>
    /// Opens a file. With <paramref name="writeThrough"/> a write returns once its bytes are durable, and takes whole blocks only:
    /// offset, length and memory are multiples of <see cref="StorageFile.BlockLength"/> (see <see cref="BlockBuffer"/>).
    /// </summary>
    public abstract StorageFile Open(string path, StorageOpening opening, bool writeThrough = false);

    /// <summary>True when the file exists.</summary>
    public abstract bool Exists(string path);

    /// <summary>Gives a file another name, replacing what had it. Durable after <see cref="SyncDirectory"/>.</summary>
    public abstract void Rename(string source, string target);

    /// <summary>Removes a file; absent is no error. Durable after <see cref="SyncDirectory"/>.</summary>
    public abstract void Delete(string path);

    /// <summary>Names of the files directly in a directory, sorted; none when it is absent.</summary>
    public abstract IReadOnlyList<string> List(string directory);

    /// <summary>Names of the directories directly in a directory, sorted.</summary>
    public abstract IReadOnlyList<string> ListDirectories(string directory);

    /// <summary>Creates a directory and those above it, durably.</summary>
    public abstract void CreateDirectory(string path);

    /// <summary>Removes a directory with all that is in it; absent is no error.</summary>
    public abstract void DeleteDirectory(string path);

    /// <summary>Makes names that appeared, changed or went in a directory durable.</summary>
    public abstract void SyncDirectory(string path);

    /// <summary>What tells a file from any copy of it.</summary>
    public abstract FileIdentity IdentityOf(string path);

    /// <summary>Lets go of the volume.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads a whole file; null when it is absent.</summary>
    public byte[]? TryReadAll(string path)
    {
        if (!Exists(path))
            return null;
        using StorageFile file = Open(path, StorageOpening.Existing);
        byte[] bytes = new byte[file.Length];
        int length = file.Read(0, bytes);
        return length == bytes.Length ? bytes : bytes[..length];
    }

    /// <summary>
    /// Replaces a file by <paramref name="contents"/>, atomically and durably: temporary file, sync, rename, sync of the
    /// directory.
    /// </summary>
    public void Replace(string path, ReadOnlySpan<byte> contents)
    {
        string temporary = path + ".new";
        using (StorageFile file = Open(temporary, StorageOpening.CreateEmpty))
        {
            file.Write(0, contents);
            file.Sync();
        }

        Rename(temporary, path);
        SyncDirectory(DirectoryOf(path));
    }

    /// <summary>
    /// As the other, by a new file whose <paramref name="contents"/> can name its own identity: a copy of it, even one that is
    /// written over it later, is told by that.
    /// </summary>
    public void Replace(string path, Func<FileIdentity, byte[]> contents)
    {
        string temporary = path + ".new";
        Delete(temporary);
        using (StorageFile file = Open(temporary, StorageOpening.CreateEmpty))
        {
            // A rename keeps the identity of the file, so it can be written before.
            file.Write(0, contents(IdentityOf(temporary)));
            file.Sync();
        }

        Rename(temporary, path);
        SyncDirectory(DirectoryOf(path));
    }

    /// <summary>The directory part of a path, empty for the root.</summary>
    public static string DirectoryOf(string path) => path[..Math.Max(path.LastIndexOf('/'), 0)];

    /// <summary>Lets go of what the volume holds.</summary>
    protected abstract void Dispose(bool disposing);
}
