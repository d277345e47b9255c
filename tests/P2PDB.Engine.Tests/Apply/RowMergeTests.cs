using P2PDB.Engine.Apply;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Tests.Apply;

/// <summary>The registers of one row: what a set of operations means does not depend on their order or repetition.</summary>
public sealed class RowMergeTests : IDisposable
{
    private static readonly StoredColumn[] All =
    [
        new(new ColumnId(1), StorageCode.I32, 0),
        new(new ColumnId(2), StorageCode.Bytes, 0),
        new(new ColumnId(3), StorageCode.I64, 0),
    ];

    private readonly NumberedChains _chains = new();
    private readonly RowMerge _merge = new();
    private readonly RowLayouts _layouts = new();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 50)];

    public void Dispose() => _merge.Dispose();

    [Theory, MemberData(nameof(Seeds))]
    public void Order_and_repetition_do_not_matter(int seed)
    {
        Random random = new(seed);
        List<Operation> operations = [.. Enumerable.Range(0, 2 + random.Next(8)).Select(_ => RandomOperation(random))];
        operations = [.. operations.DistinctBy(operation => operation.Stamp)];
        string expected = Describe(Fold(operations));

        for (int i = 0; i < 20; i++)
        {
            Operation[] shuffled = [.. operations, .. operations.Where(_ => random.Next(3) == 0)];
            random.Shuffle(shuffled);
            string actual = Describe(Fold(shuffled));
            Assert.True(expected == actual, $"Seed {seed}: {expected} became {actual}");
        }
    }

    [Fact]
    public void A_record_of_one_author_has_at_most_16_bytes_beside_its_image()
    {
        byte[] image = Image(All, new Random(1));
        byte[] record = Fold([new Operation(OpKind.Insert, Stamp(ulong.MaxValue / 2, 5, 200), All, image)]);

        Assert.True(record.Length - image.Length <= 16, $"{record.Length - image.Length} bytes");
    }

    [Fact]
    public void The_row_record_has_its_golden_bytes()
    {
        byte[] image = [0, 7, 0, 0, 0, 1, 0, 0, 0, (byte)'x'];
        StoredColumn[] two = [All[0], All[1]];
        byte[] inserted = Fold([new Operation(OpKind.Insert, Stamp(0x0102, 3, 4), two, image)]);
        byte[] updated = Fold(
        [
            new Operation(OpKind.Insert, Stamp(0x0102, 3, 4), two, image),
            new Operation(OpKind.Update, Stamp(0x0105, 1, 0), [All[0]], [0, 9, 0, 0, 0]),
        ]);
        byte[] deleted = Fold(
        [
            new Operation(OpKind.Insert, Stamp(0x0102, 3, 4), two, image),
            new Operation(OpKind.Delete, Stamp(0x0106, 3, 300), [], []),
        ]);

        Assert.Equal("00" + "00" + "0a" + "0201000000000000" + "03" + "04" + "000700000001000000" + "78",
            Convert.ToHexStringLower(inserted));
        Assert.Equal("10" + "00" + "16" + "0201000000000000" + "03" + "04" + "01" + "00" + "0501000000000000" + "01" + "00"
            + "000900000001000000" + "78", Convert.ToHexStringLower(updated));
        Assert.Equal("09" + "00" + "15" + "0201000000000000" + "03" + "04" + "0601000000000000" + "03" + "ac02"
            + "000700000001000000" + "78", Convert.ToHexStringLower(deleted));
    }

    [Fact]
    public void An_update_later_than_a_delete_revives_the_row_with_its_other_columns()
    {
        byte[] image = Image(All, new Random(3));
        byte[] record = Fold(
        [
            new Operation(OpKind.Insert, Stamp(1, 0, 0), All, image),
            new Operation(OpKind.Delete, Stamp(2, 0, 0), [], []),
            new Operation(OpKind.Update, Stamp(3, 0, 0), [All[0]], [0, 42, 0, 0, 0]),
        ]);

        StoredRow row = StoredRow.Read(record);
        StoredLayout layout = _layouts[row.LayoutNumber];
        Assert.True(row.IsVisible);
        Assert.Equal(42, layout.Layout.GetInt64(row.Image, 0));
        Assert.Equal(3, layout.Columns.Length);
    }

    private static Stamp Stamp(ulong hlc, int chain, uint op) => new(new HlcTimestamp(hlc), chain, op);

    private static Operation RandomOperation(Random random)
    {
        Stamp stamp = Stamp((ulong)(1 + random.Next(4)), random.Next(3), (uint)random.Next(3));
        OpKind kind = (OpKind)(1 + random.Next(3));
        if (kind == OpKind.Delete)
            return new Operation(kind, stamp, [], []);
        StoredColumn[] columns = [.. All.Where(_ => random.Next(3) > 0)];
        if (random.Next(4) == 0)
            columns = [.. columns.Select(column => column.Code == StorageCode.I32 ? column with { Code = StorageCode.I64 } : column)];
        if (random.Next(3) == 0)
            random.Shuffle(columns);
        return new Operation(kind, stamp, columns, Image(columns, random));
    }

    private static byte[] Image(StoredColumn[] columns, Random random)
    {
        using ByteWriter target = new();
        RowImageWriter writer = new(LayoutFactory.Create(columns), target);
        for (int i = 0; i < columns.Length; i++)
        {
            if (columns[i].Code == StorageCode.Bytes)
                writer.SetBytes(i, new byte[random.Next(3)]);
            else if (random.Next(5) > 0)
                writer.SetInt64(i, random.Next(100));
        }

        writer.Finish();
        return target.Written.ToArray();
    }

    private byte[] Fold(IEnumerable<Operation> operations)
    {
        byte[] record = [];
        using ByteWriter target = new();
        foreach (Operation operation in operations)
        {
            target.Clear();
            int number = _layouts.IndexOf(operation.Columns);
            StoredLayout layout = _layouts[number < 0 ? _layouts.Add(operation.Columns) : number];
            bool isChanged = operation.Kind switch
            {
                OpKind.Insert => _merge.TryInsert(_layouts, _chains, record, operation.Stamp, layout, operation.Image, [], target),
                OpKind.Update => _merge.TryUpdate(_layouts, _chains, record, operation.Stamp, layout, operation.Image, [], target),
                _ => _merge.TryDelete(_layouts, _chains, record, operation.Stamp, target),
            };
            if (isChanged)
                record = target.Written.ToArray();
        }

        return record;
    }

    private string Describe(byte[] record)
    {
        StoredRow row = StoredRow.Read(record);
        StoredLayout layout = _layouts[row.LayoutNumber];
        RowStamps stamps = new();
        stamps.Load(row, layout.Columns.Length, _chains);
        List<string> columns = [];
        for (int i = 0; i < layout.Columns.Length; i++)
        {
            ReadOnlySpan<byte> value = layout.Layout.IsVariable(i)
                ? layout.Layout.GetBytes(row.Image, i)
                : layout.Layout.GetFixed(row.Image, i);
            columns.Add($"{layout.Columns[i]}={RowLayout.IsNull(row.Image, i)}{Convert.ToHexString(value)}@{stamps.Columns[i]}");
        }

        columns.Sort(StringComparer.Ordinal);
        return $"{row.IsDead} {stamps.Existence} {stamps.Base} {string.Join(' ', columns)}";
    }

    private sealed record Operation(OpKind Kind, Stamp Stamp, StoredColumn[] Columns, byte[] Image);
}
