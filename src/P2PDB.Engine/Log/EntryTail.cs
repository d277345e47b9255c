using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Log;

/// <summary>
/// The bytes of the entries that history does not hold yet, in memory: peers and the history writer read them here, not from the
/// journal. Bounded by how much journal may gather before history is written.
/// </summary>
internal sealed class EntryTail
{
    private const int ChunkLength = 256 * 1024;
    private const int FreeCountMax = 8;
    private readonly List<NativeArray<byte>> _chunks = [];
    private readonly Stack<NativeArray<byte>> _free = new();
    private NativeArray<byte>? _current;
    private int _firstNumber;
    private int _used;

    /// <summary>Bytes of entries in the tail.</summary>
    public long Length { get; private set; }

    private int CurrentNumber => _firstNumber + _chunks.Count - 1;

    /// <summary>Keeps a copy of one entry.</summary>
    public EntryPlace Append(ReadOnlySpan<byte> entry)
    {
        if (_current is null || entry.Length > _current.Count - _used)
            _current = BeginChunk(entry.Length);
        entry.CopyTo(_current.Span[_used..]);
        var place = new EntryPlace(-1, CurrentNumber, _used, entry.Length);
        _used += entry.Length;
        Length += entry.Length;
        return place;
    }

    /// <summary>The bytes of an entry of the tail; valid until its chunk is released.</summary>
    public Span<byte> Read(in EntryPlace place) =>
        _chunks[place.Block - _firstNumber].Span.Slice(place.Offset, place.Length);

    /// <summary>Ends the current chunk; returns the number that <see cref="Release"/> takes to let go of all up to here.</summary>
    public int Seal()
    {
        _used = _current?.Count ?? 0;
        return CurrentNumber;
    }

    /// <summary>Lets go of the chunks up to number <paramref name="last"/>, which held <paramref name="length"/> bytes.</summary>
    public void Release(int last, long length)
    {
        Length -= length;
        int count = Math.Min(last - _firstNumber + 1, _chunks.Count);
        for (int i = 0; i < count; i++)
        {
            if (_chunks[i].Count == ChunkLength && _free.Count < FreeCountMax)
                _free.Push(_chunks[i]);
            else
                _chunks[i].Dispose();
        }

        _chunks.RemoveRange(0, count);
        _firstNumber += count;

        if (_chunks.Count == 0)
        {
            _current = null;
            _used = 0;
        }
    }

    private NativeArray<byte> BeginChunk(int entryLength)
    {
        NativeArray<byte> chunk = entryLength <= ChunkLength && _free.TryPop(out NativeArray<byte>? free)
            ? free
            : new NativeArray<byte>(Math.Max(entryLength, ChunkLength));
        _chunks.Add(chunk);
        _used = 0;
        return chunk;
    }
}
