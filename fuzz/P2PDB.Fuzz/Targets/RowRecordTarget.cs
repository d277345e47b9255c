using P2PDB.Engine.Apply;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Merging;
using P2PDB.Engine.Catalog.Merging.Texts;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
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

    private static readonly StoredColumn[] Columns =
    [
        new(new ColumnId(1), StorageCode.I32, 0), new(new ColumnId(2), StorageCode.Bytes, 0),
        new(new ColumnId(3), StorageCode.Dec8, 2), new(new ColumnId(4), StorageCode.F64, 0),
        new(new ColumnId(5), StorageCode.Json, 0),
    ];

    private static readonly StoredLayout Layout = new(0, [.. Columns], LayoutFactory.Create(Columns));

    private readonly RowStamps _stamps = new();
    private readonly RowStamps _again = new();
    private readonly ByteWriter _written = new();
    private readonly ByteWriter _record = new();

    public string Name => "row-record";

    public IReadOnlyList<string> Decoder =>
    [
        "P2PDB.Engine/Catalog/StoredRow.cs", "P2PDB.Engine/Apply/RowStamps.cs", "P2PDB.Engine/Catalog/IndexEntry.cs",
        "P2PDB.Engine/Catalog/Merging/CellRegisters.cs", "P2PDB.Engine/Catalog/Merging/MemberDots.cs",
        "P2PDB.Engine/Catalog/Merging/Texts/TextEdits.cs",
    ];

    public int InputLengthMax => 512;

    // A mark or register of a few bytes becomes an object with a number in it.
    public int AllocationFactor => 64;

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
            yield return WithRegisters(first, second);
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
        if ((row.Flags & StoredRow.RegistersFlag) != 0)
        {
            _record.WriteVarint((ulong)row.Registers.Length);
            _record.Write(row.Registers);
        }

        _record.Write(row.Image);
        FuzzLaw.RequireSame(record, _record.Written, "a record is its parts");
        FuzzLaw.Require(row.IsVisible == StoredRow.IsVisibleRecord(record), "a peek tells what reading tells");
        FuzzLaw.Require(row.IsVisible || row.IsDead || row.IsOverruled || row.IsHidden || (row.Flags & StoredRow.MisplacedFlag) != 0, "what is not seen has a reason");

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
        if (Layout.Layout.TryValidate(row.Image))
            RunRegisters(row, probe);
        return true;
    }

    /// <summary>Registers that are read, written again, are read as the same.</summary>
    private void RunRegisters(in StoredRow row, FuzzProbe probe)
    {
        List<CellRegister> registers = CellRegisters.ReadAll(row, Layout);
        if (registers.Count == 0)
            return;
        byte[] again = WithRegisters(registers, row.Image);
        List<CellRegister> read = CellRegisters.ReadAll(StoredRow.Read(again), Layout);
        FuzzLaw.Require(read.Count == registers.Count, "all registers are read again");
        for (int i = 0; i < read.Count; i++)
        {
            CellRegister register = registers[i];
            probe.Reached(64 + ((int)register.Kind * 8) + (int)register.Lane.Policy);
            FuzzLaw.RequireSame(register.Image, read[i].Image, "the value of a register reads as written");
            FuzzLaw.Require(register.Seen.SequenceEqual(read[i].Seen), "seen totals read as written");
            FuzzLaw.RequireSame(EditsOf(register), EditsOf(read[i]), "edits read as written");
            FuzzLaw.Require(
                register.Dots.Length == read[i].Dots.Length
                && register.Dots.Zip(read[i].Dots).All(dots => dots.First.SequenceEqual(dots.Second)), "dots read as written");
            FuzzLaw.Require(
                register with { Image = [], Seen = [], Dots = [], Rights = null, Edits = null }
                == read[i] with { Image = [], Seen = [], Dots = [], Rights = null, Edits = null },
                "a register reads as written");
            FuzzLaw.Require(
                register.Rights is null == read[i].Rights is null && (register.Rights is null || register.Rights.Used == read[i].Rights!.Used
                    && register.Rights.Grants.SequenceEqual(read[i].Rights!.Grants)),
                "rights read as written");
        }
    }

    private static byte[] EditsOf(CellRegister register)
    {
        using ByteWriter written = new();
        register.Edits?.Write(written);
        return written.Written.ToArray();
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

    private byte[] WithRegisters(Stamp first, Stamp second)
    {
        using ByteWriter image = new();
        RowImageWriter writer = new(Layout.Layout, image);
        writer.SetInt64(0, 7);
        writer.SetBytes(1, "a"u8);
        writer.Finish();
        CellRegister value = new()
        {
            Kind = RegisterKind.Value,
            Hlc = first.Hlc,
            Chain = first.Chain,
            Op = first.Op,
            Lane = new Lane(0, MergePolicy.Max),
            Form = Columns[1],
            Image = CellRegisters.Shown(Layout, image.Written, 1).Image,
            Collation = 255,
        };
        CellRegister total = value with
        {
            Kind = RegisterKind.Total,
            Lane = new Lane(3, MergePolicy.Counter),
            Form = Columns[0],
            Image = [],
            Collation = 0,
            Total = new ExactNumber(-300, 0),
        };
        CellRegister counted = total with
        {
            Kind = RegisterKind.Value,
            Image = [0, 9, 0, 0, 0],
            Total = default,
            Hlc = second.Hlc,
            Seen = [new SeenTotal(default, new ExactNumber(4, 0))],
        };
        CellRegister plain = value with { Kind = RegisterKind.Plain, Lane = Lane.Plain, Collation = 0, Hlc = second.Hlc };
        CellRegister several = value with
        {
            Lane = new Lane(1, MergePolicy.MultiValue),
            Collation = 0,
            Seen = [new SeenTotal(default, new ExactNumber(4, 0))],
        };
        CellRegister rights = total with
        {
            Kind = RegisterKind.Rights,
            Lane = new Lane(0, MergePolicy.BoundedCounter),
            Form = Columns[2],
            Digits = 8,
            Total = default,
            Rights = new CounterRights(new ExactNumber(2, 2), [new RightsGrant(GrantForm.Made, default, new ExactNumber(5, 0))]),
        };
        CellRegister set = several with
        {
            Lane = new Lane(0, MergePolicy.Set),
            Form = Columns[4],
            Image = CellRegisters.Shown(Layout, image.Written, 4).Image,
            Dots = [[new MemberDot(0, 0), new MemberDot(1, 3)]],
        };
        CellRegister text = value with
        {
            Lane = new Lane(0, MergePolicy.Text),
            Collation = 0,
            Edits = new TextEdits
            {
                Limit = new TextLimit(9, true),
                Authors = [default],
                Insertions = [new TextInsertion(0, 0, [new TextRun(1, new TextPlace(1, 4, 2, true))])],
                Removed = [new TextRange(1, 4, 0, 2)],
            },
        };
        return [0, .. WithRegisters([total, counted, value, several, text, plain, rights, set], image.Written)];
    }

    private byte[] WithRegisters(List<CellRegister> registers, ReadOnlySpan<byte> image)
    {
        using ByteWriter written = new();
        int columns = 0;
        foreach (IGrouping<ColumnId, CellRegister> column in registers.GroupBy(register => register.Form.Id))
        {
            int position = Array.FindIndex(Columns, known => known.Id == column.Key);
            CellRegisters.WriteColumn(written, position, [.. column], CellRegisters.Shown(Layout, image, position));
            columns++;
        }

        _record.Clear();
        RowHead.Write(_record, Order, false, 0, default, default, new Stamp[ColumnCount], columns, written.Written);
        return [.. _record.Written, .. image];
    }

    /// <summary>Chains in the order of their numbers.</summary>
    private sealed class ByNumber : StampOrder
    {
        protected override int CompareChains(in Stamp left, in Stamp right) => left.Chain.CompareTo(right.Chain);
    }
}
