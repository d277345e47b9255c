using System.Buffers.Binary;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Log;

/// <summary>
/// Cursor over the operations of a body that <see cref="BodyReader"/> has walked; starts before the first. What it shows lies
/// in the body. Row payloads: <see cref="TryReadRow"/>.
/// </summary>
internal ref struct OpReader
{
    /// <summary>Operation flag: the payloads of the chunks before the operation belong in front of its own payload.</summary>
    public const byte ChunkedFlag = 1;

    private ReadOnlySpan<byte> _rest;
    private uint _leftInTransaction;

    /// <summary>Starts before the first operation of <paramref name="transactions"/>.</summary>
    public OpReader(ReadOnlySpan<byte> transactions)
    {
        _rest = transactions;
        OpIndex = -1;
        TransactionIndex = -1;
    }

    /// <summary>0-based index among all operations of the entry: the last part of the operation's stamp.</summary>
    public int OpIndex { get; private set; }

    /// <summary>0-based index of the transaction within the entry.</summary>
    public int TransactionIndex { get; private set; }

    /// <summary>What the operation does.</summary>
    public OpKind Kind { get; private set; }

    /// <summary>True when chunks before this operation hold the front of its payload.</summary>
    public bool IsChunked { get; private set; }

    /// <summary>Directory index of its table, or <see cref="EntryFormat.NoTable"/>.</summary>
    public int Table { get; private set; }

    /// <summary>The payload within this entry.</summary>
    public ReadOnlySpan<byte> Payload { get; private set; }

    /// <summary>True when the operation is the first of its transaction.</summary>
    public bool StartsTransaction { get; private set; }

    /// <summary>Goes to the next operation; false after the last.</summary>
    public bool MoveNext()
    {
        StartsTransaction = _leftInTransaction == 0;
        if (StartsTransaction)
        {
            if (_rest.IsEmpty)
                return false;
            _leftInTransaction = BinaryPrimitives.ReadUInt32LittleEndian(_rest);
            _rest = _rest[EntryFormat.TransactionHeaderLength..];
            TransactionIndex++;
        }

        _leftInTransaction--;
        OpIndex++;
        Kind = (OpKind)_rest[0];
        IsChunked = (_rest[1] & ChunkedFlag) != 0;
        Table = BinaryPrimitives.ReadUInt16LittleEndian(_rest[2..]);
        int length = BinaryPrimitives.ReadInt32LittleEndian(_rest[4..]);
        Payload = _rest.Slice(EntryFormat.OpHeaderLength, length);
        _rest = _rest[(EntryFormat.OpHeaderLength + length)..];
        return true;
    }

    /// <summary>
    /// Reads a row operation's payload, whole or assembled from chunks; false when it does not decode, which makes the entry
    /// void.
    /// </summary>
    public static bool TryReadRow(OpKind kind, ReadOnlySpan<byte> payload, int columnCount, out RowOp row)
    {
        row = default;
        var reader = new ByteReader(payload);
        if (!reader.TryReadVarint(EntryFormat.RawBodyLengthMax, out int keyLength)
            || !reader.TryReadBytes(keyLength, out ReadOnlySpan<byte> key))
        {
            return false;
        }

        int bitmapLength = kind.IsUpdate() ? (columnCount + 7) / 8 : 0;
        if (!reader.TryReadBytes(bitmapLength, out ReadOnlySpan<byte> bitmap))
            return false;
        // Bits past the last column have no meaning: one change has one encoding.
        if (bitmapLength > 0 && columnCount % 8 != 0 && bitmap[^1] >> (columnCount % 8) != 0)
            return false;
        if (kind == OpKind.Delete && !reader.IsAtEnd)
            return false;
        ReadOnlySpan<byte> marks = default;
        if (kind.IsMarked() && (!reader.TryReadVarint(reader.Remaining, out int marksLength) || marksLength == 0
            || !reader.TryReadBytes(marksLength, out marks)))
        {
            return false;
        }

        row = new RowOp(key, bitmap, marks, kind.MarksVersion(), reader.Rest);
        return true;
    }
}
