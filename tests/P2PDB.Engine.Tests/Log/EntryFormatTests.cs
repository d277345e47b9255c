using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Tests.Log;

public class EntryFormatTests
{
    private static readonly TableId Table = TableId.Read("table-id-16bytes"u8);

    [Fact]
    public void Golden_entry_stays_as_it_is()
    {
        using ByteWriter entry = Golden(out EntryId id);

        GoldenBytes.Check("entry-v1.hex", entry.Written);
        EntryReader.TryRead(entry.Written, out EntryReader read);
        Assert.Equal(id, read.ComputeId());
        Assert.Equal(EntryStatus.Valid, EntryVerifier.VerifyBody(read));
        Assert.Equal(EntryStatus.Valid, EntryVerifier.VerifySignature(read, id));
    }

    [Fact]
    public void Verifying_a_warm_entry_allocates_nothing()
    {
        using ByteWriter entry = Golden(out EntryId id);
        long allocated = long.MaxValue;

        // Warm is what the compiler has optimised, and that takes its time on a busy machine.
        for (int round = 0; round < 500 && allocated > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 20; i++)
            {
                EntryReader.TryRead(entry.Written, out EntryReader read);
                if (read.ComputeId() != id || EntryVerifier.VerifyBody(read) != EntryStatus.Valid
                    || EntryVerifier.VerifySignature(read, id) != EntryStatus.Valid)
                {
                    Assert.Fail("The entry does not verify.");
                }
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void Operations_read_back_as_written()
    {
        using ByteWriter entry = Golden(out _);
        EntryReader.TryRead(entry.Written, out EntryReader read);
        byte[] raw = new byte[read.RawBodyLength];
        Assert.True(read.TryDecompressBody(raw));
        Assert.Equal(EntryStatus.Valid, BodyReader.TryRead(read, raw, out BodyReader body));

        TableDirectoryReader tables = body.Tables;
        Assert.True(tables.MoveNext());
        Assert.Equal(Table, tables.Table);
        Assert.Equal(2, tables.ColumnCount);
        Assert.Equal(new LoggedColumn(new ColumnId(12), 9, 2), tables.ColumnAt(1));
        Assert.False(tables.MoveNext());

        OpReader ops = body.Ops;
        List<string> found = [];
        while (ops.MoveNext())
        {
            string text = $"{ops.TransactionIndex}:{ops.OpIndex}:{ops.Kind}";
            if (ops.Kind.IsRow())
            {
                Assert.True(OpReader.TryReadRow(ops.Kind, ops.Payload, 2, out RowOp row));
                text += $" {Convert.ToHexString(row.Key)} {Convert.ToHexString(row.Columns)} {Convert.ToHexString(row.Image)}";
            }

            found.Add(text);
        }

        Assert.Equal(["0:0:Insert 0102  AABBCC", "0:1:Update 0102 02 DD", "1:2:Delete 0102  ", "1:3:DropTable"], found);
    }

    [Fact]
    public void Every_altered_byte_is_noticed()
    {
        using ByteWriter entry = Golden(out EntryId id);
        byte[] bytes = entry.Written.ToArray();
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 0x10;
            bool isSame = EntryReader.TryRead(bytes, out EntryReader read) == EntryStatus.Valid
                && read.ComputeId() == id
                && EntryVerifier.VerifyBody(read) == EntryStatus.Valid
                && EntryVerifier.VerifySignature(read, id) == EntryStatus.Valid;
            Assert.False(isSame, $"byte {i}");
            bytes[i] ^= 0x10;
        }
    }

    [Fact]
    public void Statuses_name_what_is_wrong()
    {
        using ByteWriter entry = Golden(out _);
        byte[] bytes = entry.Written.ToArray();
        Assert.Equal(EntryStatus.Incomplete, EntryReader.TryRead(bytes.AsSpan(0, bytes.Length - 8), out _));
        Assert.Equal(EntryStatus.Incomplete, EntryReader.TryRead(bytes.AsSpan(0, 10), out _));
        Assert.Equal(EntryStatus.MagicWrong, EntryReader.TryRead(Altered(bytes, 0, 1), out _));
        Assert.Equal(EntryStatus.VersionUnknown, EntryReader.TryRead(Altered(bytes, 4, 2), out _));
        Assert.Equal(EntryStatus.HeaderMalformed, EntryReader.TryRead(Altered(bytes, 7, 1), out _));
        Assert.Equal(EntryStatus.TooLong, EntryReader.TryRead(Altered(bytes, 11, 1), out _));
    }

    [Fact]
    public void An_unknown_operation_is_told_from_a_malformed_body()
    {
        using ByteWriter entry = Golden(out _);
        EntryReader.TryRead(entry.Written, out EntryReader read);
        byte[] raw = new byte[read.RawBodyLength];
        read.TryDecompressBody(raw);
        int firstOp = EntryFormat.TableHeaderLength + (2 * EntryFormat.ColumnLength) + EntryFormat.TransactionHeaderLength;

        Assert.Equal(EntryStatus.OperationUnknown, BodyReader.TryRead(read, Altered(raw, firstOp, 200), out _));
        Assert.Equal(EntryStatus.OperationUnknown, BodyReader.TryRead(read, Altered(raw, firstOp + 1, 2), out _));
        Assert.Equal(EntryStatus.BodyMalformed, BodyReader.TryRead(read, Altered(raw, firstOp + 2, 9), out _));
        Assert.Equal(EntryStatus.BodyMalformed, BodyReader.TryRead(read, Altered(raw, firstOp + 6, 1), out _));
        Assert.Equal(EntryStatus.BodyMalformed, BodyReader.TryRead(read, Altered(raw, firstOp - 8, 9), out _));
    }

    [Fact]
    public void A_mark_takes_back_what_came_after_it()
    {
        using var changes = new ChangeSet();
        changes.Clear(default);
        int table = changes.AddTable(Table, [new LoggedColumn(new ColumnId(1), 1, 0)]);
        changes.Delete(table, [1]);
        byte[] before = Encoded(changes);
        ChangeSetMark mark = changes.Mark();
        int wider = changes.AddTable(Table, [new LoggedColumn(new ColumnId(1), 1, 0), new LoggedColumn(new ColumnId(2), 1, 0)]);
        changes.Insert(wider, [2], [3]);
        Assert.Equal(2, changes.TableCount);

        changes.Rewind(mark);
        Assert.Equal(before, Encoded(changes));
        Assert.Equal(1, changes.OpCount);
        Assert.Equal(1, changes.TableCount);
        Assert.Equal(table, changes.AddTable(Table, [new LoggedColumn(new ColumnId(1), 1, 0)]));
    }

    [Fact]
    public void A_long_body_is_compressed_and_reads_back()
    {
        using var changes = new ChangeSet();
        changes.Clear(default);
        int table = changes.AddTable(Table, []);
        for (int i = 0; i < 500; i++)
            changes.Insert(table, [(byte)i], "a row like any other"u8);
        using var body = new BodyBuilder();
        body.Add(changes);
        using var raw = new ByteWriter();
        body.WriteTo(raw);
        using var target = new ByteWriter();
        using var builder = new EntryBuilder();
        using SigningKey key = SigningKey.FromSeed(new byte[32]);
        builder.Build(target, new DatabaseId(Blake3.Hash("d"u8)), key, new ChainTip(), new HlcTimestamp(9), [],
            EntryFlags.None, body);

        Assert.Equal(EntryStatus.Valid, EntryReader.TryRead(target.Written, out EntryReader entry));
        Assert.Equal(EntryFlags.Compressed, entry.Flags);
        byte[] read = new byte[entry.RawBodyLength];
        Assert.True(entry.TryDecompressBody(read));
        Assert.Equal(raw.Written.ToArray(), read);
    }

    [Fact]
    public void The_root_of_a_range_names_every_leaf()
    {
        var range = new MerkleMountainRange();
        HashSet<Hash256> roots = [range.Root()];
        for (int i = 0; i < 40; i++)
        {
            range.Append(new EntryId(Blake3.Hash([(byte)i])));
            Assert.True(roots.Add(range.Root()));
        }

        Assert.Equal("6a501b0c588dc412", range.Root().ToString()[..16]);
    }

    private static byte[] Encoded(ChangeSet changes)
    {
        using var target = new ByteWriter();
        changes.CopyTo(target);
        return target.Written.ToArray();
    }

    internal static ByteWriter Golden(out EntryId id)
    {
        using var first = new ChangeSet();
        first.Clear(default);
        int table = first.AddTable(Table, [new(new ColumnId(11), 1, 0), new(new ColumnId(12), 9, 2)]);
        first.Insert(table, [1, 2], [0xAA, 0xBB, 0xCC]);
        first.Update(table, [1, 2], [2], [0xDD]);
        using var second = new ChangeSet();
        second.Clear(default);
        second.Delete(second.AddTable(Table, [new(new ColumnId(11), 1, 0), new(new ColumnId(12), 9, 2)]), [1, 2]);
        second.Write(OpKind.DropTable, Table.Value.ToString("x32", null).Select(digit => (byte)digit).ToArray());

        using var body = new BodyBuilder();
        body.Add(first);
        body.Add(second);
        using SigningKey key = SigningKey.FromSeed(Enumerable.Range(0, 32).Select(i => (byte)i).ToArray());
        var tip = new ChainTip();
        tip.Advance(new EntryId(Blake3.Hash("first"u8)), new HlcTimestamp(1));
        var database = new DatabaseId(Blake3.Hash("database"u8));
        EntryId[] parents = [new(Blake3.Hash("parent"u8)), new(Blake3.Hash("other parent"u8))];
        Array.Sort(parents);
        using var builder = new EntryBuilder();
        var entry = new ByteWriter();
        id = builder.Build(entry, database, key, tip, new HlcTimestamp(1_700_000_000_000, 5), parents, EntryFlags.None, body);
        return entry;
    }

    private static byte[] Altered(byte[] bytes, int offset, byte value)
    {
        byte[] altered = [.. bytes];
        altered[offset] = value;
        return altered;
    }
}
