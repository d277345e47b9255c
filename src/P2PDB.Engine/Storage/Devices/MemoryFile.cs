namespace P2PDB.Engine.Storage.Devices;

/// <summary>An open file of a <see cref="MemoryVolume"/>; dead after the volume's restart.</summary>
internal sealed class MemoryFile(MemoryVolume volume, MemoryFileContents contents, bool writeThrough) : StorageFile
{
    private readonly int _life = volume.Life;

    /// <inheritdoc/>
    public override long Length
    {
        get
        {
            lock (volume.Gate)
            {
                return contents.Length;
            }
        }
    }

    /// <inheritdoc/>
    public override int Read(long offset, Span<byte> target)
    {
        lock (volume.Gate)
        {
            CheckLife();
            volume.CountRead();
            int length = (int)Math.Clamp(contents.Length - offset, 0, target.Length);
            if (length > 0)
                contents.Visible.Slice((int)offset, length).CopyTo(target);
            return length;
        }
    }

    /// <inheritdoc/>
    public override void Write(long offset, ReadOnlySpan<byte> source)
    {
        lock (volume.Gate)
        {
            CheckLife();
            if (volume.CountOrLosePower(offset + source.Length - contents.Length))
            {
                contents.WriteTorn((int)offset, source);
                throw volume.PowerLost();
            }

            contents.Write((int)offset, source);
            if (writeThrough)
                contents.SyncRange((int)offset, source.Length);
        }
    }

    /// <inheritdoc/>
    public override void Sync()
    {
        lock (volume.Gate)
        {
            CheckLife();
            if (volume.CountSyncOrLosePower())
                throw volume.PowerLost();
            contents.Sync();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }

    private void CheckLife()
    {
        if (_life != volume.Life)
            throw new IOException("The file was opened before the restart.");
    }
}
