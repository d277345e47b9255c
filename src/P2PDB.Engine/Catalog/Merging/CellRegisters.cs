// REGISTERS of a row record v1 (docs/formats/row-record.md): of each column that merges by a policy, its authors' last words
//   varint count of columns, not 0, then per column in order of the layout:
//     varint position in the layout, varint count of registers, not 0, then per register:
//       u8      kind (0 value, 1 total, 2 plain, 3 rights) | 4 the image is the column's in the row's image | 8 has seen totals
//       u64     hlc, varint chain number, varint operation index
//       but for plain: u8 policy, varint generation
//       without 4: u8 storage code, u8 scale; and but for totals and rights: varint length, row image of the one column
//       max and min of strings: varint number of the collation
//       counters: u8 digits
//       total: exact number
//       rights: CounterRights
//       8: seen totals, as in the marks of an operation
//       sets: dots, as there; texts: edits
using System.Collections.Immutable;
using P2PDB.Engine.Catalog.Merging.Texts;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Catalog.Merging;

/// <summary>Reads and writes the registers of one row record.</summary>
internal static class CellRegisters
{
    private const byte KindMask = 3;
    private const byte ShownFlag = 4;
    private const byte SeenFlag = 8;

    /// <summary>Appends the registers of one column, which shows <paramref name="shown"/>.</summary>
    public static void WriteColumn(ByteWriter target, int position, List<CellRegister> registers, in CellValue shown)
    {
        target.WriteVarint((ulong)position);
        target.WriteVarint((ulong)registers.Count);
        foreach (CellRegister register in registers)
            Write(target, register, shown);
    }

    /// <summary>Reads the registers of a record that this node wrote, none of a plain one; in order of the layout's columns.</summary>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    public static List<CellRegister> ReadAll(in StoredRow row, StoredLayout layout)
    {
        List<CellRegister> all = [];
        if (row.Registers.IsEmpty)
            return all;
        var reader = new ByteReader(row.Registers);
        int count = ReadVarint(ref reader, layout.Columns.Length);
        int next = 0;
        for (int i = 0; i < count; i++)
        {
            int position = ReadVarint(ref reader, layout.Columns.Length - 1);
            int registers = ReadVarint(ref reader, row.Registers.Length);
            if (position < next || registers == 0)
                throw Damaged();
            next = position + 1;
            CellValue shown = Shown(layout, row.Image, position);
            for (int register = 0; register < registers; register++)
                all.Add(Read(ref reader, shown));
        }

        return reader.IsAtEnd && count > 0 ? all : throw Damaged();
    }

    /// <summary>A column of a row image by itself.</summary>
    public static CellValue Shown(StoredLayout layout, ReadOnlySpan<byte> image, int position)
    {
        StoredColumn form = layout.Columns[position];
        using ByteWriter target = new();
        RowImageWriter writer = new(LayoutFactory.Create(form), target);
        writer.Copy(0, layout.Layout, image, position);
        writer.Finish();
        return new CellValue(form, target.Written.ToArray());
    }

    private static void Write(ByteWriter target, CellRegister register, in CellValue shown)
    {
        bool hasValue = HasValue(register.Kind);
        bool isShown = register.Form == shown.Form && (!hasValue || register.Image.AsSpan().SequenceEqual(shown.Image));
        target.WriteByte((byte)((byte)register.Kind | (isShown ? ShownFlag : 0) | (register.Seen.IsEmpty ? 0 : SeenFlag)));
        target.WriteUInt64(register.Hlc.Value);
        target.WriteVarint((ulong)register.Chain);
        target.WriteVarint(register.Op);
        if (register.Kind != RegisterKind.Plain)
        {
            target.WriteByte((byte)register.Lane.Policy);
            target.WriteVarint(register.Lane.Generation);
        }

        if (!isShown)
        {
            target.WriteByte((byte)register.Form.Code);
            target.WriteByte(register.Form.Scale);
            if (hasValue)
            {
                target.WriteVarint((ulong)register.Image.Length);
                target.Write(register.Image);
            }
        }

        if (CellMarks.HasCollation(register.Lane.Policy, register.Form.Code))
            target.WriteVarint((ulong)register.Collation);
        if (register.Lane.Policy.IsCounter())
            target.WriteByte((byte)register.Digits);
        if (register.Kind == RegisterKind.Total)
            register.Total.Write(target);
        register.Rights?.Write(target);
        if (!register.Seen.IsEmpty)
            CellMarks.WriteSeen(target, register.Seen);
        if (register.Lane.Policy == MergePolicy.Set)
            MemberDots.Write(target, register.Dots, register.Seen);
        register.Edits?.Write(target);
    }

    private static CellRegister Read(ref ByteReader reader, in CellValue shown)
    {
        byte head = ReadByte(ref reader);
        var kind = (RegisterKind)(head & KindMask);
        if (head >= 2 * SeenFlag || !reader.TryReadUInt64(out ulong hlc)
            || !reader.TryReadVarint(int.MaxValue, out int chain) || !reader.TryReadVarint(out ulong op) || op > uint.MaxValue)
        {
            throw Damaged();
        }

        Lane lane = kind == RegisterKind.Plain ? Lane.Plain : ReadLane(ref reader);
        bool isTotal = kind == RegisterKind.Total;
        CellValue value = (head & ShownFlag) != 0 ? shown : ReadValue(ref reader, shown.Form.Id, HasValue(kind));
        int collation = CellMarks.HasCollation(lane.Policy, value.Form.Code) ? ReadVarint(ref reader, ushort.MaxValue) : 0;
        int digits = lane.Policy.IsCounter() ? ReadByte(ref reader) : 0;
        ExactNumber total = default;
        ImmutableArray<SeenTotal> seen = [];
        bool isCountable = CellMarks.IsCountable(value.Form.Code) && CellMarks.AreDigitsValid(value.Form.Code, digits);
        CounterRights? rights = null;
        if (kind == RegisterKind.Rights && CounterRights.TryRead(ref reader, lane.Policy, out CounterRights read))
            rights = read;
        if (rights is null == lane.Policy.HasRights() || (lane.Policy.IsCounter() && !isCountable) || (isTotal && lane.Policy != MergePolicy.Counter) || (isTotal && !ExactNumber.TryRead(ref reader, out total))
            || ((head & SeenFlag) != 0 && (kind != RegisterKind.Value || !lane.Policy.HasSeen() || !CellMarks.TryReadSeen(ref reader, out seen))))
        {
            throw Damaged();
        }

        ImmutableArray<ImmutableArray<MemberDot>> dots = [];
        if (lane.Policy == MergePolicy.Set && (kind != RegisterKind.Value || !MemberDots.TryRead(ref reader, seen, out dots)))
            throw Damaged();
        TextEdits? edits = null;
        if (lane.Policy == MergePolicy.Text && (kind != RegisterKind.Value || value.Form.Code != StorageCode.Bytes
            || !TextEdits.TryRead(ref reader, out edits) || edits.TextLength != TextWord.TextOf(value).Length))
        {
            throw Damaged();
        }

        return new CellRegister
        {
            Kind = kind,
            Hlc = new HlcTimestamp(hlc),
            Chain = chain,
            Op = (uint)op,
            Lane = lane,
            Form = value.Form,
            Image = HasValue(kind) ? value.Image : [],
            Collation = collation,
            Digits = digits,
            Total = total,
            Rights = rights,
            Seen = seen,
            Dots = dots,
            Edits = edits,
        };
    }

    private static bool HasValue(RegisterKind kind) => kind is RegisterKind.Value or RegisterKind.Plain;

    private static Lane ReadLane(ref ByteReader reader)
    {
        byte policy = ReadByte(ref reader);
        return ((MergePolicy)policy).MarksVersion() > 0 && reader.TryReadVarint(out ulong generation) && generation <= Lane.GenerationMax
            ? new Lane(generation, (MergePolicy)policy)
            : throw Damaged();
    }

    private static CellValue ReadValue(ref ByteReader reader, ColumnId column, bool hasValue)
    {
        var form = new StoredColumn(column, (StorageCode)ReadByte(ref reader), ReadByte(ref reader));
        if (!RowLayout.IsKnown(form.Code) || form.Scale > SqlDecimal.ScaleMax)
            throw Damaged();
        if (!hasValue)
            return new CellValue(form, []);
        int length = ReadVarint(ref reader, int.MaxValue);
        return reader.TryReadBytes(length, out ReadOnlySpan<byte> image) && LayoutFactory.Create(form).TryValidate(image)
            ? new CellValue(form, image.ToArray())
            : throw Damaged();
    }

    private static byte ReadByte(ref ByteReader reader) => reader.TryReadByte(out byte value) ? value : throw Damaged();

    private static int ReadVarint(ref ByteReader reader, int max) =>
        reader.TryReadVarint(max, out int value) ? value : throw Damaged();

    private static InvalidDataException Damaged() => new("The registers of a row are damaged.");
}
