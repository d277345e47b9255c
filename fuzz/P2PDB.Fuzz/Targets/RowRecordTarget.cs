using P2PDB.Engine.Apply;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: u8 kind, then a row record of a layout of five columns, or u8 key length, key and value of an index entry. Whoever finds one damaged throws
/// <see cref="InvalidDataException"/>, nothing else. A record is its parts; stamps that are read, written again, are read as the same.
/// </summary>
internal sealed class RowRecordTarget : IFuzzTarget, IDisposable
{
    private const int ColumnCount = 5;

    private static readonly ByNumber Order = new();

    private readonly RowStamps _stamps = new();
    private readonly RowStamps _again = new();
    private readonly ByteWriter _written = new();
    private readonly ByteWriter _record = new();

    public string Name => "row-record";

    public IReadOnlyList<string> Decoder =>
        ["P2PDB.Engine/Catalog/StoredRow.cs", "P2PDB.Engine/Apply/RowStamps.cs", "P2PDB.Engine/Catalog/IndexEntry.cs"];

    public int InputLengthMax => 512;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            Stamp first = new(new(5), 1, 2);
            Stamp second = new(new(9), 300, 200);
            yield return Record(first, first, [first, first, first, first, first]);
            yield return Record(first, second, [first, second, first, first, second]);
            yield return Record(first, new Stamp(new(99), 1, 0), [first, second, first, first, first]);
            yield return Record(first, first, [first, first, first, first, first], StoredRow.AppendedFlag);
            yield return [1, 3, 1, 2, 3, 4, 5, 0, 3];
            yield return [1, 2, 1, 2, 1, 2];
        }
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;
        try
        {
            return (input[0] & 1) == 0 ? RunRecord(input[1..], probe) : RunIndexEntry(input[1..], probe);
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _written.Dispose();
        _record.Dispose();
    }

    private bool RunRecord(ReadOnlySpan<byte> record, FuzzProbe probe)
    {
        if (!StoredRow.TryRead(record, out StoredRow row))
            return false;
        _record.Clear();
        _record.WriteByte(row.Flags);
        _record.WriteVarint((ulong)row.LayoutNumber);
        _record.WriteVarint((ulong)row.Stamps.Length);
        _record.Write(row.Stamps);
        _record.Write(row.Image);
        FuzzLaw.RequireSame(record, _record.Written, "a record is its parts");
        FuzzLaw.Require(row.IsVisible == StoredRow.IsVisibleRecord(record), "a peek tells what reading tells");
        FuzzLaw.Require(row.IsVisible || row.IsDead || row.IsHidden || (row.Flags & StoredRow.MisplacedFlag) != 0, "what is not seen has a reason");

        _stamps.Load(row, ColumnCount, Order);
        probe.Reached(row.Flags);
        _written.Clear();
        byte flags = RowStamps.Write(_written, _stamps.Base, _stamps.Existence, _stamps.Columns, Order);
        _record.Clear();
        _record.WriteByte(flags);
        _record.WriteVarint(0);
        _record.WriteVarint((ulong)_written.Length);
        _record.Write(_written.Written);
        _again.Load(StoredRow.Read(_record.Written), ColumnCount, Order);
        FuzzLaw.Require(_again.Base == _stamps.Base && _again.Existence == _stamps.Existence, "stamps of the row read as written");
        FuzzLaw.Require(_again.Columns.SequenceEqual(_stamps.Columns), "stamps of the columns read as written");
        return true;
    }

    private static bool RunIndexEntry(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        var reader = new ByteReader(input);
        if (!reader.TryReadByte(out byte keyLength) || !reader.TryReadBytes(keyLength, out ReadOnlySpan<byte> key))
            return false;
        IndexEntry entry = IndexEntry.Read(key, reader.Rest);
        Span<byte> value = stackalloc byte[8];
        int length = IndexEntry.WriteValue(value, entry.IndexKey.Length, entry.IsHidden);
        FuzzLaw.RequireSame(reader.Rest, value[..length], "written as read");
        FuzzLaw.Require(entry.IndexKey.Length + entry.PrimaryKey.Length == keyLength, "the key is its two parts");
        probe.Reached(300 + (entry.IsHidden ? 1 : 0));
        return true;
    }

    private byte[] Record(in Stamp baseStamp, in Stamp existence, Stamp[] columns, byte flags = 0)
    {
        _written.Clear();
        flags |= RowStamps.Write(_written, baseStamp, existence, columns, Order);
        return [0, flags, 0, (byte)_written.Length, .. _written.Written, 7, 8];
    }

    /// <summary>Chains in the order of their numbers.</summary>
    private sealed class ByNumber : StampOrder
    {
        protected override int CompareChains(in Stamp left, in Stamp right) => left.Chain.CompareTo(right.Chain);
    }
}
