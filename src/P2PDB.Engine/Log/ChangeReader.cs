using System.Buffers.Binary;

namespace P2PDB.Engine.Log;

/// <summary>
/// Cursor over the operations of a <see cref="ChangeSet"/>; starts before the first. It borrows the set's memory: one reader at a
/// time, and the set is not changed meanwhile.
/// </summary>
internal ref struct ChangeReader(ChangeSet changes)
{
    private ReadOnlySpan<byte> _rest;
    private long _position;

    /// <summary>What the operation does.</summary>
    public OpKind Kind { get; private set; }

    /// <summary>Directory index of its table, or <see cref="EntryFormat.NoTable"/>.</summary>
    public int Table { get; private set; }

    /// <summary>The payload; valid until the next move.</summary>
    public ReadOnlySpan<byte> Payload { get; private set; }

    /// <summary>Goes to the next operation; false after the last.</summary>
    /// <exception cref="IOException">What the set has on the disk cannot be read.</exception>
    public bool MoveNext()
    {
        if (_position == changes.Length)
            return false;
        if (_rest.Length < EntryFormat.OpHeaderLength)
            _rest = changes.BytesAt(_position, EntryFormat.OpHeaderLength);
        int payloadLength = BinaryPrimitives.ReadInt32LittleEndian(_rest[4..]);
        int length = EntryFormat.OpHeaderLength + payloadLength;
        if (_rest.Length < length)
            _rest = changes.BytesAt(_position, length);

        Kind = (OpKind)_rest[0];
        Table = BinaryPrimitives.ReadUInt16LittleEndian(_rest[2..]);
        Payload = _rest.Slice(EntryFormat.OpHeaderLength, payloadLength);
        _rest = _rest[length..];
        _position += length;
        return true;
    }
}
