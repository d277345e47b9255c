using System.Buffers.Binary;

namespace P2PDB.Engine.Storage;

/// <summary>
/// Identity of a table, the same on all nodes: 16 bytes of a hash over its database, name, key shape and generation, so
/// that peers who run the same migration apart name the same table. Compared first byte first.
/// </summary>
/// <param name="Value">The 16 bytes as a big-endian number.</param>
internal readonly record struct TableId(UInt128 Value) : IComparable<TableId>
{
    /// <summary>Bytes in a table id.</summary>
    public const int Length = 16;

    /// <summary>Reads 16 bytes.</summary>
    public static TableId Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt128BigEndian(source));

    /// <inheritdoc/>
    public int CompareTo(TableId other) => Value.CompareTo(other.Value);

    /// <summary>Writes 16 bytes.</summary>
    public void CopyTo(Span<byte> target) => BinaryPrimitives.WriteUInt128BigEndian(target, Value);

    /// <summary>32 lowercase hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x32", null);
}
