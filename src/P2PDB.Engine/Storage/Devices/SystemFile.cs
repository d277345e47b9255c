using Microsoft.Win32.SafeHandles;

namespace P2PDB.Engine.Storage.Devices;

/// <summary>A file of the system.</summary>
internal sealed class SystemFile : StorageFile
{
    private const int NoSpaceUnix = 28;
    private const int QuotaExceededLinux = 122;
    private const int DiskFullWindows = unchecked((int)0x8007_0070);
    private readonly SafeFileHandle _handle;
    private readonly string _path;

    /// <summary>Opens the file at a full path.</summary>
    public SystemFile(string path, StorageOpening opening, bool writeThrough)
    {
        _path = path;
        try
        {
            _handle = SystemCalls.Open(path, opening == StorageOpening.CreateEmpty, writeThrough);
        }
        catch (IOException failure) when (IsDiskFull(failure))
        {
            throw DiskFull(failure);
        }
    }

    /// <inheritdoc/>
    public override long Length => RandomAccess.GetLength(_handle);

    /// <inheritdoc/>
    public override int Read(long offset, Span<byte> target)
    {
        int total = 0;
        while (total < target.Length)
        {
            int read = RandomAccess.Read(_handle, target[total..], offset + total);
            if (read == 0)
                break;
            total += read;
        }

        return total;
    }

    /// <inheritdoc/>
    public override void Write(long offset, ReadOnlySpan<byte> source)
    {
        try
        {
            RandomAccess.Write(_handle, source, offset);
        }
        catch (IOException failure) when (IsDiskFull(failure))
        {
            throw DiskFull(failure);
        }
    }

    /// <inheritdoc/>
    public override void Sync() => SystemCalls.SyncData(_handle, _path);

    /// <inheritdoc/>
    public override void Reserve(long length)
    {
        try
        {
            if (!SystemCalls.TryAllocate(_handle, _path, length))
                base.Reserve(length);
        }
        catch (IOException failure) when (IsDiskFull(failure))
        {
            throw DiskFull(failure);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _handle.Dispose();

    private static bool IsDiskFull(IOException failure) =>
        failure.HResult is DiskFullWindows || (!OperatingSystem.IsWindows()
            && (failure.HResult == NoSpaceUnix || (OperatingSystem.IsLinux() && failure.HResult == QuotaExceededLinux)));

    private DiskFullException DiskFull(IOException failure) => new($"No room on the disk for {_path}.", failure);
}
