using System.Buffers.Binary;

namespace P2PDB.Engine.Storage;

/// <summary>
/// Identity of a replicated table: 16 bytes of a hash over its database, name, key shape and generation, so that peers
/// who run the same migration apart name the same table. Ordered by its bytes.
/// </summary>
/// <param name="High">The first eight bytes, big-endian.</param>
/// <param name="Low">The last eight bytes, big-endian.</param>
internal readonly record struct TableId(ulong High, ulong Low) : IComparable<TableId>
{
    /// <summary>Length in bytes.</summary>
    public const int Length = 16;

    /// <summary>Takes the identity from its 16 bytes.</summary>
    public static TableId Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[8..]));

    /// <summary>Writes the 16 bytes to the start of <paramref name="target"/>.</summary>
    public void CopyTo(Span<byte> target)
    {
        BinaryPrimitives.WriteUInt64BigEndian(target, High);
        BinaryPrimitives.WriteUInt64BigEndian(target[8..], Low);
    }

    /// <inheritdoc/>
    public int CompareTo(TableId other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>Orders by bytes.</summary>
    public static bool operator <(TableId left, TableId right) => left.CompareTo(right) < 0;

    /// <summary>Orders by bytes.</summary>
    public static bool operator >(TableId left, TableId right) => left.CompareTo(right) > 0;

    /// <summary>Orders by bytes.</summary>
    public static bool operator <=(TableId left, TableId right) => left.CompareTo(right) <= 0;

    /// <summary>Orders by bytes.</summary>
    public static bool operator >=(TableId left, TableId right) => left.CompareTo(right) >= 0;

    /// <summary>32 lowercase hexadecimal digits.</summary>
    public override string ToString() => $"{High:x16}{Low:x16}";
}
