using System.Buffers.Binary;
using System.Runtime.InteropServices;
using P2PDB.Engine.Storage.Scratch;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Storage.Overlays;

/// <summary>Writes a <see cref="SortedRun"/>; one that is not finished leaves nothing.</summary>
internal sealed class RunWriter : IDisposable
{
    /// <summary>Bytes that are gathered before they are written.</summary>
    private const int GatheredLength = 256 << 10;

    private readonly ScratchFile _file;
    private readonly KeyFilter _filter;
    private readonly ByteWriter _block = new(2 * SortedRun.BlockLength);
    private readonly ByteWriter _gathered = new(GatheredLength + (2 * SortedRun.BlockLength));
    private readonly ByteWriter _separators = new();
    private readonly RecordBuffer _lastKey = new();
    private readonly List<int> _starts = [];
    private readonly List<RunBlockPlace> _places = [];
    private int _separatorStart;
    private long _count;
    private bool _isFinished;

    private RunWriter(ScratchSpace space, long countMax)
    {
        _filter = new KeyFilter(countMax);
        _file = space.Open();
    }

    /// <summary>Writes all records of a cursor, at most so many.</summary>
    /// <exception cref="IOException">The disk does not take them.</exception>
    public static SortedRun Write(RunLifetimes lifetimes, Cursor records, long countMax, int level)
    {
        using var writer = new RunWriter(lifetimes.Space, countMax);
        for (bool found = records.SeekFirst(); found; found = records.Next())
            writer.Add(records.Key, records.Value);
        return writer.Finish(level, lifetimes.Now);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _block.Dispose();
        _gathered.Dispose();
        _separators.Dispose();
        if (!_isFinished)
            _file.Dispose();
    }

    private void Add(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (_starts.Count == 0)
            AddSeparator(key);
        _starts.Add(_block.Length);
        bool isLong = value.Length > SortedRun.ShortValueLengthMax;
        _block.WriteUInt32(((uint)key.Length << 1) | (isLong ? 1u : 0));
        _block.Write(key);
        if (isLong)
        {
            _block.WriteUInt64((ulong)AddLong(value));
            _block.WriteUInt32((uint)value.Length);
        }
        else
        {
            _block.Write(value);
        }

        _filter.Add(SortedRun.HashOf(key));
        _count++;
        if (_block.Length < SortedRun.BlockLength)
            return;
        _lastKey.Set(key);
        EndBlock();
    }

    private SortedRun Finish(int level, long madeAt)
    {
        if (_starts.Count > 0)
            EndBlock();
        Flush();
        _isFinished = true;
        return new SortedRun(_file, [.. _places], _separators.Written.ToArray(), _filter, _count, level) { MadeAt = madeAt };
    }

    /// <summary>What is at or before a block's first key and after the last of the block before: no more of the key than that takes.</summary>
    private void AddSeparator(ReadOnlySpan<byte> firstKey)
    {
        _separatorStart = _separators.Length;
        int shared = _places.Count == 0 ? -1 : firstKey.CommonPrefixLength(_lastKey.Span);
        _separators.Write(firstKey[..(shared + 1)]);
    }

    private long AddLong(ReadOnlySpan<byte> value)
    {
        if (value.Length >= GatheredLength)
        {
            Flush();
            return _file.Append(value);
        }

        long offset = _file.Length + _gathered.Length;
        Gather(value);
        return offset;
    }

    private void EndBlock()
    {
        Span<byte> starts = _block.GetSpan(sizeof(int) * (_starts.Count + 1));
        foreach (int start in CollectionsMarshal.AsSpan(_starts))
        {
            BinaryPrimitives.WriteInt32LittleEndian(starts, start);
            starts = starts[sizeof(int)..];
        }

        BinaryPrimitives.WriteInt32LittleEndian(starts, _starts.Count);
        _block.Advance(sizeof(int) * (_starts.Count + 1));
        _places.Add(new RunBlockPlace(
            _file.Length + _gathered.Length, _block.Length, _separatorStart, _separators.Length - _separatorStart));
        Gather(_block.Written);
        _block.Clear();
        _starts.Clear();
    }

    private void Gather(ReadOnlySpan<byte> bytes)
    {
        _gathered.Write(bytes);
        if (_gathered.Length >= GatheredLength)
            Flush();
    }

    private void Flush()
    {
        if (_gathered.Length > 0)
            _file.Append(_gathered.Written);
        _gathered.Clear();
    }
}
