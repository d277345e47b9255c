namespace P2PDB.Engine.Storage.Devices;

/// <summary>An open file: reads and writes at positions, from any thread.</summary>
internal abstract class StorageFile : IDisposable
{
    /// <summary>What a write-through file takes: whole blocks of this length, at block boundaries of file and memory.</summary>
    public const int BlockLength = 4096;

    /// <summary>
    /// Bytes after which who writes much in the background syncs: the disk then never owes so much that a commit's write waits long behind it
    /// (bench/checkpoint_latency.py).
    /// </summary>
    public const int SyncLength = 64 * 1024;

    /// <summary>What is written at once when a file is filled with zeros; one for all, since journals do so while commits wait.</summary>
    private static readonly byte[] Zeros = new byte[256 * 1024];

    /// <summary>Length in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Reads at a position until <paramref name="target"/> is full or the file ends; returns the bytes read.</summary>
    public abstract int Read(long offset, Span<byte> target);

    /// <summary>Writes all of <paramref name="source"/> at a position; the file grows as needed.</summary>
    public abstract void Write(long offset, ReadOnlySpan<byte> source);

    /// <summary>
    /// Returns once all bytes written, and the file's length, are durable. A failure is fatal: what is on the disk is unknown
    /// then, and asking again can claim success for bytes that are lost.
    /// </summary>
    public abstract void Sync();

    /// <summary>
    /// Makes sure that the first <paramref name="length"/> bytes have room on the disk: the file grows to that length, with zeros,
    /// if it is shorter. Not durable by itself.
    /// </summary>
    public virtual void Reserve(long length) => WriteZeros(Length, length);

    /// <summary>
    /// Writes zeros up to <paramref name="length"/>, so that later writes there change no metadata, and syncs.
    /// </summary>
    public void FillWithZeros(long offset, long length)
    {
        WriteZeros(offset, length);
        Sync();
    }

    /// <summary>Closes the file; what was not synced stays so.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of the file.</summary>
    protected abstract void Dispose(bool disposing);

    private void WriteZeros(long offset, long length)
    {
        for (long position = offset; position < length; position += Zeros.Length)
            Write(position, Zeros.AsSpan(0, (int)Math.Min(Zeros.Length, length - position)));
    }
}
