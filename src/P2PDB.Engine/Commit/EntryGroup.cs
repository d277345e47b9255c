using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Commit;

/// <summary>
/// The entries that are applied together: one entry, or all parts of one transaction in order. Only one of them is in memory at a
/// time, however many there are; valid until the group is filled again.
/// </summary>
internal sealed class EntryGroup : IDisposable
{
    private readonly ByteWriter _entry = new();
    private readonly ByteWriter _body = new();
    private readonly List<EntryPosition> _positions = [];
    private DatabaseLog? _log;
    private EntryId _id;
    private int _loaded;

    /// <summary>Entries in the group.</summary>
    public int Count => _positions.Count;

    /// <summary>Where the loaded entry is held.</summary>
    public EntryPosition Position => _positions[_loaded];

    /// <summary>The id of the loaded entry.</summary>
    public EntryId Id => _id;

    /// <summary>The loaded entry.</summary>
    public EntryReader Entry
    {
        get
        {
            EntryReader.TryRead(_entry.Written, out EntryReader entry);
            return entry;
        }
    }

    /// <summary>The tables and operations of the loaded entry.</summary>
    public BodyReader Body
    {
        get
        {
            BodyReader.TryRead(Entry, _body.Written, out BodyReader body);
            return body;
        }
    }

    /// <summary>Bytes of the loaded entry's raw body.</summary>
    public int BodyLength => _body.Length;

    /// <summary>
    /// Starts with the entries of a log at <paramref name="positions"/>, and loads the last one; <paramref name="last"/> are its bytes
    /// where they are at hand, else empty. False when its body does not decode.
    /// </summary>
    public bool TryBegin(DatabaseLog log, List<EntryPosition> positions, ReadOnlySpan<byte> last)
    {
        _log = log;
        _positions.Clear();
        _positions.AddRange(positions);
        _loaded = -1;
        return TryLoad(positions.Count - 1, last);
    }

    /// <summary>Loads one of the entries; false when its body does not decode, which makes the transaction void.</summary>
    public bool TryLoad(int index) => index == _loaded || TryLoad(index, default);

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        _entry.Dispose();
        _body.Dispose();
    }

    private bool TryLoad(int index, ReadOnlySpan<byte> bytes)
    {
        _loaded = index;
        _id = _log!.IdOf(_positions[index]);
        _entry.Clear();
        if (bytes.IsEmpty)
            _log.ReadEntry(_positions[index], _entry);
        else
            _entry.Write(bytes);
        _body.Clear();
        if (EntryReader.TryRead(_entry.Written, out EntryReader entry) != EntryStatus.Valid)
            return false;
        Span<byte> raw = _body.GetSpan(entry.RawBodyLength)[..entry.RawBodyLength];
        if (!entry.TryDecompressBody(raw) || BodyReader.TryRead(entry, raw, out _) != EntryStatus.Valid)
            return false;
        _body.Advance(raw.Length);
        return true;
    }
}
