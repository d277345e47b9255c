// STAMPS of a row record v1 (docs/formats/row-record.md)
//   stamp   u64 hlc, varint chain number, varint op index; the stamp of nothing is all zero
//   base    stamp of the last INSERT: every column has it, or lacks a value since then, but for those below
//   with flag 8: the stamp of the last operation on the row, where it is not the newest of the others
//   with flag 16: varint count, then per column {varint position in the layout, stamp}, ascending
using System.Buffers.Binary;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Apply;

/// <summary>The stamps of one row record, decoded. Reusable; used by one thread.</summary>
internal sealed class RowStamps
{
    private Stamp[] _columns = [];

    /// <summary>Stamp of the last INSERT; the default where the row was never inserted as a whole.</summary>
    public Stamp Base { get; private set; }

    /// <summary>Stamp of the last operation on the row: whether it lives is that operation's word.</summary>
    public Stamp Existence { get; private set; }

    /// <summary>Stamps of the layout's columns, by position.</summary>
    public ReadOnlySpan<Stamp> Columns => _columns.AsSpan(0, ColumnCount);

    /// <summary>Columns of the layout.</summary>
    public int ColumnCount { get; private set; }

    /// <summary>Decodes the stamps of a record that this node wrote.</summary>
    public void Load(in StoredRow row, int columnCount, StampOrder order)
    {
        if (_columns.Length < columnCount)
            _columns = new Stamp[columnCount];
        ColumnCount = columnCount;
        ByteReader reader = new(row.Stamps);
        Base = Read(ref reader);
        _columns.AsSpan(0, columnCount).Fill(Base);
        Existence = (row.Flags & StoredRow.ExistenceStampFlag) != 0 ? Read(ref reader) : default;
        if ((row.Flags & StoredRow.ColumnStampsFlag) != 0)
        {
            int count = (int)ReadVarint(ref reader, (ulong)columnCount);
            for (int i = 0; i < count; i++)
            {
                int position = (int)ReadVarint(ref reader, (ulong)columnCount - 1);
                _columns[position] = Read(ref reader);
            }
        }

        if (!reader.IsAtEnd)
            throw Damaged();

        if ((row.Flags & StoredRow.ExistenceStampFlag) == 0)
            Existence = Newest(Base, Columns, order);
    }

    /// <summary>Encodes stamps to the end of <paramref name="target"/>; returns the flags that say which there are.</summary>
    public static byte Write(
        ByteWriter target, in Stamp baseStamp, in Stamp existence, ReadOnlySpan<Stamp> columns, StampOrder order)
    {
        byte flags = 0;
        Write(target, baseStamp);
        if (existence != Newest(baseStamp, columns, order))
        {
            flags |= StoredRow.ExistenceStampFlag;
            Write(target, existence);
        }

        int count = 0;
        foreach (ref readonly Stamp column in columns)
            count += column == baseStamp ? 0 : 1;
        if (count == 0)
            return flags;
        target.WriteVarint((ulong)count);
        for (int position = 0; position < columns.Length; position++)
        {
            if (columns[position] == baseStamp)
                continue;
            target.WriteVarint((ulong)position);
            Write(target, columns[position]);
        }

        return (byte)(flags | StoredRow.ColumnStampsFlag);
    }

    private static Stamp Newest(in Stamp baseStamp, ReadOnlySpan<Stamp> columns, StampOrder order)
    {
        Stamp newest = baseStamp;
        foreach (ref readonly Stamp column in columns)
        {
            if (column != newest && order.Compare(column, newest) > 0)
                newest = column;
        }

        return newest;
    }

    private static void Write(ByteWriter target, in Stamp stamp)
    {
        target.WriteUInt64(stamp.Hlc.Value);
        target.WriteVarint((ulong)stamp.Chain);
        target.WriteVarint(stamp.Op);
    }

    private static Stamp Read(ref ByteReader reader)
    {
        if (!reader.TryReadBytes(sizeof(ulong), out ReadOnlySpan<byte> hlc))
            throw Damaged();
        return new Stamp(
            new HlcTimestamp(BinaryPrimitives.ReadUInt64LittleEndian(hlc)),
            (int)ReadVarint(ref reader, int.MaxValue),
            (uint)ReadVarint(ref reader, uint.MaxValue));
    }

    private static ulong ReadVarint(ref ByteReader reader, ulong max) =>
        reader.TryReadVarint(out ulong value) && value <= max ? value : throw Damaged();

    private static InvalidDataException Damaged() => new("The stamps of a row are damaged.");
}
