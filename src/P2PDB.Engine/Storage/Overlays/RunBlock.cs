using System.Buffers.Binary;

namespace P2PDB.Engine.Storage.Overlays;

/// <summary>One block of a run, read into memory; used again for the next. What it gives is valid until then.</summary>
internal sealed class RunBlock
{
    /// <summary>Bytes of a long value of which the memory is kept for the next.</summary>
    private const int KeptLengthMax = 1 << 20;

    private readonly RecordBuffer _bytes = new();
    private RecordBuffer _longValue = new();
    private int _longPosition = -1;
    private SortedRun? _run;
    private int _index;
    private int _recordsLength;

    /// <summary>Number of records.</summary>
    public int Count { get; private set; }

    /// <summary>Reads a block, unless it is here already.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void Load(SortedRun run, int index)
    {
        if (ReferenceEquals(run, _run) && index == _index)
            return;
        Clear(); // should reading fail, nothing is here
        Span<byte> bytes = _bytes.Prepare(run.LengthOf(index));
        run.ReadBlock(index, bytes);
        Count = BinaryPrimitives.ReadInt32LittleEndian(bytes[^sizeof(int)..]);
        _recordsLength = bytes.Length - (sizeof(int) * (Count + 1));
        _run = run;
        _index = index;
    }

    /// <summary>Lets go of the run.</summary>
    public void Clear()
    {
        _run = null;
        Count = 0;
        ForgetLongValue();
    }

    /// <summary>Gives back the memory of a long value that is no longer looked at.</summary>
    public void ForgetLongValue()
    {
        _longPosition = -1;
        if (_longValue.Length > KeptLengthMax)
            _longValue = new RecordBuffer();
    }

    /// <summary>Key of a record.</summary>
    public ReadOnlySpan<byte> KeyAt(int position)
    {
        ReadOnlySpan<byte> record = _bytes.Span[StartOf(position)..];
        return record.Slice(sizeof(uint), KeyLengthOf(record));
    }

    /// <summary>Value of a record; a long one is read now.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ReadOnlySpan<byte> ValueAt(int position)
    {
        ReadOnlySpan<byte> record = _bytes.Span[StartOf(position)..StartOf(position + 1)];
        ReadOnlySpan<byte> value = record[(sizeof(uint) + KeyLengthOf(record))..];
        if ((record[0] & 1) == 0)
            return value;
        if (_longPosition == position)
            return _longValue.Span;
        ForgetLongValue();
        Span<byte> target = _longValue.Prepare(BinaryPrimitives.ReadInt32LittleEndian(value[sizeof(long)..]));
        _run!.ReadValue(BinaryPrimitives.ReadInt64LittleEndian(value), target);
        _longPosition = position;
        return target;
    }

    /// <summary>First record whose key is at or after a key; <see cref="Count"/> where none is.</summary>
    public int LowerBound(ReadOnlySpan<byte> key, out bool isEqual)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            int order = KeyAt(middle).SequenceCompareTo(key);
            if (order == 0)
            {
                isEqual = true;
                return middle;
            }

            if (order < 0)
                low = middle + 1;
            else
                high = middle;
        }

        isEqual = false;
        return low;
    }

    private static int KeyLengthOf(ReadOnlySpan<byte> record) => (int)(BinaryPrimitives.ReadUInt32LittleEndian(record) >> 1);

    private int StartOf(int position) => position == Count
        ? _recordsLength : BinaryPrimitives.ReadInt32LittleEndian(_bytes.Span[(_recordsLength + (sizeof(int) * position))..]);
}
