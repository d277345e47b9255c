using P2PDB.Engine.Apply;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Tests.Apply;

/// <summary>Rows that stay: of several appends the first, in whatever order they come, and whatever the row was before.</summary>
public sealed class AppendMergeTests : IDisposable
{
    private readonly NumberedChains _chains = new();
    private readonly RowLayouts _layouts = new();
    private readonly RowMerge _merge = new();
    private readonly AppendMerge _appends;
    private readonly StoredLayout _layout;

    public AppendMergeTests()
    {
        _appends = new AppendMerge(_merge);
        _layouts.Add([]); // so that the other one's number shows
        _layout = _layouts[_layouts.Add([new StoredColumn(new ColumnId(1), StorageCode.I32, 0)])];
    }

    public void Dispose() => _merge.Dispose();

    [Fact]
    public void The_golden_bytes_are_those_of_an_insert_with_a_flag()
    {
        byte[] record = Append([], Stamp(0x0102, 3), 7);

        Assert.Equal("40" + "01" + "0a" + "0201000000000000" + "03" + "00" + "0007000000", Convert.ToHexStringLower(record));
        Assert.True(StoredRow.Read(record).IsVisible);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_first_append_stays_in_any_order_and_however_often_it_comes(int seed)
    {
        Random random = new(seed);
        (Stamp Stamp, byte Value)[] appends =
            [.. Enumerable.Range(0, 12).Select(i => (Stamp((ulong)(1 + random.Next(3)), random.Next(3)), (byte)i)).DistinctBy(append => append.Item1)];
        (Stamp Stamp, byte Value) first = appends.OrderBy(append => append.Stamp, Comparer<Stamp>.Create((left, right) => _chains.Compare(left, right))).First();

        for (int round = 0; round < 20; round++)
        {
            random.Shuffle(appends);
            byte[] record = [];
            foreach ((Stamp stamp, byte value) in appends.Concat(appends))
                record = Append(record, stamp, value);
            Assert.Equal(Append([], first.Stamp, first.Value), record);
        }
    }

    [Fact]
    public void An_append_takes_the_place_of_what_was_not_appended_earlier_or_later()
    {
        using ByteWriter inserted = new();
        _merge.TryInsert(_layouts, _chains, default, Stamp(5, 0), _layout, Image(1), [], inserted);
        using ByteWriter deleted = new();
        _merge.TryDelete(_layouts, _chains, inserted.Written, Stamp(6, 0), deleted);

        foreach (ulong time in (ulong[])[4, 7])
        {
            Assert.Equal(Append([], Stamp(time, 0), 2), Append(inserted.Written, Stamp(time, 0), 2));
            Assert.Equal(Append([], Stamp(time, 0), 2), Append(deleted.Written, Stamp(time, 0), 2));
        }
    }

    private byte[] Append(ReadOnlySpan<byte> record, Stamp stamp, byte value)
    {
        using ByteWriter target = new();
        return _appends.TryAppend(_layouts, _chains, record, stamp, _layout, Image(value), target) ? target.Written.ToArray() : record.ToArray();
    }

    private static byte[] Image(byte value) => [0, value, 0, 0, 0];

    private static Stamp Stamp(ulong hlc, int chain) => new(new HlcTimestamp(hlc), chain, 0);
}
