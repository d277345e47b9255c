using System.Globalization;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Storage.Scratch;

/// <summary>
/// The folder of a data directory for what statements and transactions cannot hold in memory. Nothing in it outlives the process:
/// what a killed one left is removed at the next start. Safe for several threads.
/// </summary>
internal sealed class ScratchSpace
{
    private const string DirectoryName = "scratch";
    private readonly StorageVolume _volume;
    private readonly Lock _gate = new();
    private long _length;
    private int _fileCount;
    private long _openedCount;
    private bool _hasDirectory;

    /// <summary>Uses the volume, and removes what an earlier process left there.</summary>
    public ScratchSpace(StorageVolume volume)
    {
        _volume = volume;
        volume.DeleteDirectory(DirectoryName);
    }

    /// <summary>Bytes that open files hold.</summary>
    public long Length => Interlocked.Read(ref _length);

    /// <summary>Files that are open.</summary>
    public int FileCount => Volatile.Read(ref _fileCount);

    /// <summary>Files opened since the start.</summary>
    public long OpenedCount => Interlocked.Read(ref _openedCount);

    /// <summary>Opens a new, empty file, the caller's to dispose of.</summary>
    /// <exception cref="IOException">The disk does not take it.</exception>
    public ScratchFile Open()
    {
        lock (_gate)
        {
            if (!_hasDirectory)
                _volume.CreateDirectory(DirectoryName);
            _hasDirectory = true;
        }

        string path = DirectoryName + "/" + Interlocked.Increment(ref _openedCount).ToString(CultureInfo.InvariantCulture);
        StorageFile file = _volume.Open(path, StorageOpening.CreateEmpty);
        Interlocked.Increment(ref _fileCount);
        return new ScratchFile(this, file, path);
    }

    /// <summary>Counts what a file grew by.</summary>
    internal void Grow(long length) => Interlocked.Add(ref _length, length);

    /// <summary>Removes a closed file. One that the disk keeps goes with the next start.</summary>
    internal void Remove(ScratchFile file)
    {
        Interlocked.Add(ref _length, -file.Length);
        Interlocked.Decrement(ref _fileCount);
        try
        {
            _volume.Delete(file.Path);
        }
        catch (IOException)
        {
            // Its room is lost until then; nothing else is.
        }
    }
}
