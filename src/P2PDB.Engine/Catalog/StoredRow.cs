// ROW RECORD v1, the value of a primary key in a table's row tree. Golden bytes: tests/P2PDB.Engine.Tests/Apply/
// RowRecordTests.cs. Spec: docs/formats/row-record.md
//   0    u8      flags: 1 dead, 2 hidden, 4 misplaced, 8 has an existence stamp, 16 has column stamps, 32 has registers,
//                 64 appended, 128 overruled
//   1    varint  layout number (this node's, per table)
//   then varint  length of the stamps, bytes; then the stamps (Apply's affair: base, existence, columns)
//   then varint  with flag 32: length of the registers, bytes; then the registers (Merging/CellRegisters)
//   then         row image in that layout, to the end of the record
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Catalog;

/// <summary>The parts of a row record that readers need; they lie in it. The stamps belong to Apply.</summary>
internal readonly ref struct StoredRow
{
    /// <summary>The row was deleted; its columns are kept for a later write to revive.</summary>
    public const byte DeadFlag = 1;

    /// <summary>The row lost a unique key to another row.</summary>
    public const byte HiddenFlag = 2;

    /// <summary>The row's key is not the key of its columns: its writer lied, nobody sees it.</summary>
    public const byte MisplacedFlag = 4;

    /// <summary>The stamps hold one for the row's existence, which is not the newest of the others.</summary>
    public const byte ExistenceStampFlag = 8;

    /// <summary>The stamps hold some for single columns.</summary>
    public const byte ColumnStampsFlag = 16;

    /// <summary>Columns of the row merge by a policy: what their authors wrote lies beside the values that show.</summary>
    public const byte RegistersFlag = 32;

    /// <summary>The row was appended: nothing changes or ends it.</summary>
    public const byte AppendedFlag = 64;

    /// <summary>
    /// A foreign key overrules the row's existence: one that lives is hidden, as its parent is not there, and one that was deleted shows,
    /// as a row that shows references it.
    /// </summary>
    public const byte OverruledFlag = 128;

    /// <summary>Flags that say what the row is to others, not what was merged into it.</summary>
    public const byte ViewFlags = HiddenFlag | MisplacedFlag | OverruledFlag;

    private const byte PlainFlags = DeadFlag | ViewFlags | ExistenceStampFlag | ColumnStampsFlag | AppendedFlag;

    private StoredRow(
        byte flags, int layoutNumber, ReadOnlySpan<byte> stamps, ReadOnlySpan<byte> registers, ReadOnlySpan<byte> image)
    {
        Flags = flags;
        LayoutNumber = layoutNumber;
        Stamps = stamps;
        Registers = registers;
        Image = image;
    }

    /// <summary>The flags.</summary>
    public byte Flags { get; }

    /// <summary>Number of the image's layout among <see cref="TableSchema.Layouts"/>.</summary>
    public int LayoutNumber { get; }

    /// <summary>The encoded stamps.</summary>
    public ReadOnlySpan<byte> Stamps { get; }

    /// <summary>The encoded registers; empty where all columns are plain.</summary>
    public ReadOnlySpan<byte> Registers { get; }

    /// <summary>The row image.</summary>
    public ReadOnlySpan<byte> Image { get; }

    /// <summary>True where SQL sees the row.</summary>
    public bool IsVisible => AreVisible(Flags);

    /// <summary>True where the row was deleted.</summary>
    public bool IsDead => (Flags & DeadFlag) != 0;

    /// <summary>True where the row lost a unique key.</summary>
    public bool IsHidden => (Flags & HiddenFlag) != 0;

    /// <summary>True where a foreign key overrules the row's existence.</summary>
    public bool IsOverruled => (Flags & OverruledFlag) != 0;

    /// <summary>True where nothing changes or ends the row.</summary>
    public bool IsAppended => (Flags & AppendedFlag) != 0;

    /// <summary>True for the record of a row that was appended; a peek at its first byte.</summary>
    public static bool IsAppendedRecord(ReadOnlySpan<byte> record) => !record.IsEmpty && (record[0] & AppendedFlag) != 0;

    /// <summary>True in a row tree for rows that SQL sees; a peek at the record's first byte.</summary>
    public static bool IsVisibleRecord(ReadOnlySpan<byte> record) => AreVisible(record[0]);

    /// <summary>True for a record with columns that merge by a policy; a peek at its first byte.</summary>
    public static bool HasRegisters(ReadOnlySpan<byte> record) => !record.IsEmpty && (record[0] & RegistersFlag) != 0;

    /// <summary>Splits a record; false when it is damaged.</summary>
    public static bool TryRead(ReadOnlySpan<byte> record, out StoredRow row)
    {
        var reader = new ByteReader(record);
        if (reader.TryReadByte(out byte flags) && reader.TryReadVarint(int.MaxValue, out int layout)
            && reader.TryReadVarint(record.Length, out int length)
            && reader.TryReadBytes(length, out ReadOnlySpan<byte> stamps)
            && TryReadRegisters(ref reader, flags, out ReadOnlySpan<byte> registers))
        {
            row = new StoredRow(flags, layout, stamps, registers, reader.Rest);
            return true;
        }

        row = default;
        return false;
    }

    /// <summary>Splits a record that this node wrote.</summary>
    public static StoredRow Read(ReadOnlySpan<byte> record)
    {
        // PERF: both varints are of one byte in nearly all records; the scans of P2PDB.Stores.
        if (record.Length > 3 && (record[0] & ~PlainFlags) == 0 && record[1] < 0x80 && record[2] < 0x80 && record[2] <= record.Length - 3)
            return new StoredRow(record[0], record[1], record.Slice(3, record[2]), default, record[(3 + record[2])..]);
        return TryRead(record, out StoredRow row) ? row : throw new InvalidDataException("A row record is damaged.");
    }

    /// <summary>Neither hidden nor misplaced, and either dead or overruled or none of both: the last flag lies seven bits above the first.</summary>
    private static bool AreVisible(byte flags) => ((flags ^ (flags >> 7)) & (DeadFlag | HiddenFlag | MisplacedFlag)) == 0;

    private static bool TryReadRegisters(scoped ref ByteReader reader, byte flags, out ReadOnlySpan<byte> registers)
    {
        registers = default;
        return (flags & RegistersFlag) == 0
            || (reader.TryReadVarint(reader.Remaining, out int length) && length > 0
                && reader.TryReadBytes(length, out registers));
    }
}
