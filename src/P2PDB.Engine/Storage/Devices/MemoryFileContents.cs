namespace P2PDB.Engine.Storage.Devices;

/// <summary>The bytes of a file in memory: those that are seen, and those that a power loss leaves.</summary>
internal sealed class MemoryFileContents(ulong number)
{
    private const int BlockLength = 4096;
    private const int SectorLength = 512;
    private readonly HashSet<int> _dirty = [];
    private byte[] _visible = [];
    private byte[] _durable = [];
    private int _length;
    private int _durableLength;
    private int _torn = -1;

    /// <summary>Tells the file from others of its volume.</summary>
    public ulong Number { get; } = number;

    /// <summary>Length in bytes as seen.</summary>
    public int Length => _length;

    /// <summary>The bytes as seen.</summary>
    public ReadOnlySpan<byte> Visible => _visible.AsSpan(0, _length);

    /// <summary>Writes, not durably.</summary>
    public void Write(int offset, ReadOnlySpan<byte> source)
    {
        Reserve(offset + source.Length);
        source.CopyTo(_visible.AsSpan(offset));
        _length = Math.Max(_length, offset + source.Length);
        for (int block = offset / BlockLength; block * BlockLength < offset + source.Length; block++)
            _dirty.Add(block);
    }

    /// <summary>Writes, and leaves the last block open to tearing: the power goes during this call.</summary>
    public void WriteTorn(int offset, ReadOnlySpan<byte> source)
    {
        Write(offset, source);
        _torn = (offset + Math.Max(source.Length - 1, 0)) / BlockLength;
    }

    /// <summary>Makes one written range durable.</summary>
    public void SyncRange(int offset, int length)
    {
        _visible.AsSpan(offset, length).CopyTo(_durable.AsSpan(offset));
        _durableLength = Math.Max(_durableLength, offset + length);
        for (int block = offset / BlockLength; block * BlockLength < offset + length; block++)
        {
            // A block that other, unsynced writes touched as well stays dirty where they did; here whole blocks are synced.
            CopyBlock(block);
            _dirty.Remove(block);
        }
    }

    /// <summary>Makes everything durable.</summary>
    public void Sync()
    {
        foreach (int block in _dirty)
            CopyBlock(block);
        _dirty.Clear();
        _durableLength = _length;
    }

    /// <summary>Power loss: each dirty block is kept or lost by the dice; the torn one is mixed by sectors.</summary>
    public void Settle(Random dice)
    {
        bool lengthKept = _length == _durableLength || dice.Next(2) == 0;
        foreach (int block in _dirty)
        {
            if (block == _torn)
                TearBlock(block, dice);
            else if (dice.Next(2) == 0)
                CopyBlock(block);
        }

        _dirty.Clear();
        _torn = -1;
        _length = lengthKept ? _length : Math.Min(_durableLength, _length);
        _durable.AsSpan(0, _length).CopyTo(_visible);
        _visible.AsSpan(_length).Clear();
        _durable.AsSpan(_length).Clear();
        _durableLength = _length;
    }

    /// <summary>Flips bits of one byte, durably.</summary>
    public void Corrupt(long offset, byte mask)
    {
        _visible[offset] ^= mask;
        _durable[offset] ^= mask;
    }

    private void TearBlock(int block, Random dice)
    {
        int end = Math.Min((block + 1) * BlockLength, _length);
        for (int offset = block * BlockLength; offset < end; offset += SectorLength)
        {
            int length = Math.Min(SectorLength, end - offset);
            if (dice.Next(2) == 0)
                _visible.AsSpan(offset, length).CopyTo(_durable.AsSpan(offset));
        }
    }

    private void CopyBlock(int block)
    {
        int offset = block * BlockLength;
        int length = Math.Min(BlockLength, _length - offset);
        if (length > 0)
            _visible.AsSpan(offset, length).CopyTo(_durable.AsSpan(offset));
    }

    private void Reserve(int length)
    {
        if (length <= _visible.Length)
            return;
        int capacity = Math.Max(length, Math.Max(_visible.Length * 2, BlockLength));
        Array.Resize(ref _visible, capacity);
        Array.Resize(ref _durable, capacity);
    }
}
