using P2PDB.Engine.Log;
using P2PDB.Engine.Sync;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Tests.Sync;

public sealed class FrameTests : IDisposable
{
    private static readonly DatabaseId Database = new(Filled(0xD0));

    private readonly ByteWriter _frame = new();

    public void Dispose() => _frame.Dispose();

    [Fact]
    public void Hello_has_its_golden_bytes()
    {
        FrameWriter.Hello(_frame, "p2pdb"u8);

        Assert.Equal("01" + "0200" + "05" + "7032706462", Hex());
    }

    [Fact]
    public void Want_has_its_golden_bytes_and_reads_back()
    {
        EntryRange[] ranges = [new(AuthorKey.Read(Filled(0xA0).AsSpan()), 3, 300, new EntryId(Filled(0xE0)))];

        FrameWriter.Want(_frame, Database, ranges);

        Assert.Equal("05" + Filled(0xD0) + "01" + Filled(0xA0) + "03" + "ac02" + Filled(0xE0), Hex());
        FrameReader reader = Started(FrameKind.Want);
        Assert.True(reader.TryReadWant(out EntryRange[]? read));
        Assert.Equal(ranges, read);
    }

    [Fact]
    public void Vector_reads_back()
    {
        ChainHead[] items = [new(AuthorKey.Read(Filled(1).AsSpan()), ulong.MaxValue, new EntryId(Filled(2))), new(AuthorKey.Read(Filled(3).AsSpan()), 0, new EntryId(Filled(4)))];

        FrameWriter.Vector(_frame, Database, Filled(9), items);

        FrameReader reader = Started(FrameKind.Vector);
        Assert.True(reader.TryReadVector(out Hash256 since, out ChainHead[]? read));
        Assert.Equal(Filled(9), since);
        Assert.Equal(items, read);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(100_000)]
    public void Entries_read_back_and_are_compressed_where_that_helps(int length)
    {
        byte[] entries = new byte[length];

        FrameWriter.Entries(_frame, Database, entries);

        Assert.True(_frame.Length <= 38 + length);
        Assert.True(length < 1000 || _frame.Length < length / 10);
        FrameReader reader = Started(FrameKind.Entries);
        Assert.True(reader.TryReadEntries(out RentedBuffer? read));
        using (read)
            Assert.Equal(entries, read.Span.ToArray());
    }

    [Fact]
    public void Offer_with_a_proof_reads_back_and_the_proof_holds_for_its_connection_only()
    {
        using SigningKey invitation = SigningKey.Generate();
        using SigningKey sender = SigningKey.Generate();
        using SigningKey receiver = SigningKey.Generate();
        JoinProof proof = JoinProof.Sign(invitation, Database, sender.PublicKey, receiver.PublicKey);

        FrameWriter.Offer(_frame, Database, Filled(1), default, proof);

        FrameReader reader = Started(FrameKind.Offer);
        Assert.True(reader.TryReadOffer(out _, out _, out JoinProof? read, out _));
        Assert.True(read!.Value.Verify(Database, sender.PublicKey, receiver.PublicKey));
        Assert.False(read.Value.Verify(Database, receiver.PublicKey, sender.PublicKey));
        Assert.False(read.Value.Verify(new DatabaseId(Filled(7)), sender.PublicKey, receiver.PublicKey));
    }

    [Fact]
    public void A_byte_too_many_or_too_few_makes_a_frame_malformed()
    {
        Action<ByteWriter>[] writers =
        [
            static frame => FrameWriter.Offer(frame, Database, Filled(1), Filled(2), null),
            static frame => FrameWriter.Offer(frame, Database, Filled(1), Filled(2), null, "evidence"u8),
            static frame => FrameWriter.Deny(frame, Database, DenyReason.NotMember),
            static frame => FrameWriter.Vector(frame, Database, default, [new(default, 1, default)]),
            static frame => FrameWriter.Want(frame, Database, [new(default, 1, 2, default)]),
            static frame => FrameWriter.Entries(frame, Database, [1, 2, 3]),
            static frame => FrameWriter.Done(frame, Database),
        ];
        foreach (Action<ByteWriter> write in writers)
        {
            _frame.Clear();
            write(_frame);
            byte[] whole = _frame.Written.ToArray();
            Assert.True(IsAccepted(whole), Convert.ToHexString(whole));
            Assert.False(IsAccepted(whole[..^1]), Convert.ToHexString(whole));
            Assert.False(IsAccepted([.. whole, 0]), Convert.ToHexString(whole));
        }
    }

    [Fact]
    public void A_count_without_its_items_takes_no_memory()
    {
        byte[] frame = [(byte)FrameKind.Want, .. Filled(0xD0).AsSpan(), 0x80, 0x20];

        Assert.False(IsAccepted(frame));
        long before = GC.GetAllocatedBytesForCurrentThread();
        IsAccepted(frame);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1000);
    }

    private static bool IsAccepted(byte[] frame)
    {
        var reader = new FrameReader(frame);
        if (!reader.TryReadStart(out FrameKind kind, out _))
            return false;
        if (kind == FrameKind.Entries)
        {
            bool isRead = reader.TryReadEntries(out RentedBuffer? entries);
            entries?.Dispose();
            return isRead;
        }

        return kind switch
        {
            FrameKind.Offer => reader.TryReadOffer(out _, out _, out _, out _),
            FrameKind.Deny => reader.TryReadDeny(out _),
            FrameKind.Vector => reader.TryReadVector(out _, out _),
            FrameKind.Want => reader.TryReadWant(out _),
            _ => reader.TryReadDone(),
        };
    }

    private static Hash256 Filled(byte value)
    {
        Span<byte> bytes = stackalloc byte[32];
        bytes.Fill(value);
        return new Hash256(bytes);
    }

    private FrameReader Started(FrameKind expected)
    {
        var reader = new FrameReader(_frame.Written);
        Assert.True(reader.TryReadStart(out FrameKind kind, out DatabaseId database));
        Assert.Equal(expected, kind);
        Assert.Equal(Database, database);
        return reader;
    }

    private string Hex() => Convert.ToHexStringLower(_frame.Written);
}
