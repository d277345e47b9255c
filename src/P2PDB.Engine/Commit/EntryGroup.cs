using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Commit;

/// <summary>
/// The entries that are applied together: one entry, or all parts of one transaction in order. Owns copies of their raw bodies;
/// valid until the group is filled again.
/// </summary>
internal sealed class EntryGroup : IDisposable
{
    private readonly ByteWriter _headers = new();
    private readonly ByteWriter _bodies = new();
    private readonly List<Part> _parts = [];

    /// <summary>Entries in the group.</summary>
    public int Count => _parts.Count;

    /// <summary>Where an entry is held.</summary>
    public EntryPosition PositionAt(int index) => _parts[index].Position;

    /// <summary>The id of an entry.</summary>
    public EntryId IdAt(int index) => _parts[index].Id;

    /// <summary>An entry.</summary>
    public EntryReader EntryAt(int index)
    {
        EntryReader.TryRead(_headers.Written.Slice(_parts[index].EntryOffset, _parts[index].EntryLength), out EntryReader entry);
        return entry;
    }

    /// <summary>The tables and operations of an entry.</summary>
    public BodyReader BodyAt(int index)
    {
        Part part = _parts[index];
        BodyReader.TryRead(EntryAt(index), _bodies.Written.Slice(part.BodyOffset, part.BodyLength), out BodyReader body);
        return body;
    }

    /// <summary>Bytes of an entry's raw body.</summary>
    public int BodyLengthAt(int index) => _parts[index].BodyLength;

    /// <summary>Empties the group.</summary>
    public void Clear()
    {
        _headers.Clear();
        _bodies.Clear();
        _parts.Clear();
    }

    /// <summary>Adds the next entry; false when its body does not decode, which makes the transaction void.</summary>
    public bool TryAdd(in EntryReader entry, in EntryId id, EntryPosition position)
    {
        int bodyOffset = _bodies.Length;
        Span<byte> raw = _bodies.GetSpan(entry.RawBodyLength)[..entry.RawBodyLength];
        if (!entry.TryDecompressBody(raw) || BodyReader.TryRead(entry, raw, out _) != EntryStatus.Valid)
            return false;
        _bodies.Advance(raw.Length);
        _parts.Add(new Part(position, id, _headers.Length, entry.Bytes.Length, bodyOffset, raw.Length));
        _headers.Write(entry.Bytes);
        return true;
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        _headers.Dispose();
        _bodies.Dispose();
    }

    private readonly record struct Part(
        EntryPosition Position, EntryId Id, int EntryOffset, int EntryLength, int BodyOffset, int BodyLength);
}
