// INDEX ENTRY v1, one record of an index's tree
//   key      index key (docs/formats/key-encoding.md), then primary key
//   value    0  u8      flags: 1 the row is not visible: a unique or foreign key hides it
//            1  varint  length of the index key in the tree's key
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Catalog;

/// <summary>The parts of one record of an index's tree; they lie in it.</summary>
internal readonly ref struct IndexEntry
{
    private const byte HiddenFlag = 1;

    private IndexEntry(bool isHidden, ReadOnlySpan<byte> indexKey, ReadOnlySpan<byte> primaryKey)
    {
        IsHidden = isHidden;
        IndexKey = indexKey;
        PrimaryKey = primaryKey;
    }

    /// <summary>True where the row is not visible.</summary>
    public bool IsHidden { get; }

    /// <summary>The index key.</summary>
    public ReadOnlySpan<byte> IndexKey { get; }

    /// <summary>The row's primary key.</summary>
    public ReadOnlySpan<byte> PrimaryKey { get; }

    /// <summary>Splits a record of an index's tree.</summary>
    public static IndexEntry Read(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        var reader = new ByteReader(value);
        if (!reader.TryReadByte(out byte flags) || flags > HiddenFlag || !reader.TryReadVarint(key.Length, out int length)
            || !reader.IsAtEnd)
        {
            throw new InvalidDataException("An index entry is damaged.");
        }

        return new IndexEntry(flags == HiddenFlag, key[..length], key[length..]);
    }

    /// <summary>Writes a value; returns its length. <paramref name="target"/> has at least 8 bytes.</summary>
    public static int WriteValue(Span<byte> target, int indexKeyLength, bool isHidden)
    {
        target[0] = isHidden ? HiddenFlag : (byte)0;
        return 1 + Varint.Write(target[1..], (ulong)indexKeyLength);
    }
}
