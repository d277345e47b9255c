using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Storage.Scratch;

/// <summary>
/// A file that is written at its end and read anywhere, and is gone once it is disposed of: never synced, never found again. A
/// full disk is a <see cref="DiskFullException"/>, any other failure an <see cref="IOException"/>. Writes by one thread at a time;
/// reads of what was written before by any.
/// </summary>
internal sealed class ScratchFile : IDisposable
{
    private readonly ScratchSpace _space;
    private readonly StorageFile _file;
    private bool _isDisposed;

    /// <summary>Takes a file that was just made; <see cref="ScratchSpace.Open"/> does.</summary>
    internal ScratchFile(ScratchSpace space, StorageFile file, string path)
    {
        _space = space;
        _file = file;
        Path = path;
    }

    /// <summary>Bytes written.</summary>
    public long Length { get; private set; }

    /// <summary>Where the volume has it.</summary>
    internal string Path { get; }

    /// <summary>Writes bytes at the end and returns where they begin. Callers gather some tens of KiB first: each call is one of the system.</summary>
    public long Append(ReadOnlySpan<byte> bytes)
    {
        long start = Length;
        _file.Write(start, bytes);
        Length += bytes.Length;
        _space.Grow(bytes.Length);
        return start;
    }

    /// <summary>Fills <paramref name="target"/> from a position.</summary>
    /// <exception cref="IOException">The file ends before, or cannot be read.</exception>
    public void Read(long position, Span<byte> target)
    {
        if (position < 0 || position + target.Length > Length || _file.Read(position, target) != target.Length)
            throw new EndOfStreamException($"{Path} ends before {position + target.Length}.");
    }

    /// <summary>Forgets what was written from <paramref name="length"/> on: the next <see cref="Append"/> begins there.</summary>
    public void Truncate(long length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((ulong)length, (ulong)Length);
        _space.Grow(length - Length);
        Length = length;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _file.Dispose();
        _space.Remove(this);
    }
}
