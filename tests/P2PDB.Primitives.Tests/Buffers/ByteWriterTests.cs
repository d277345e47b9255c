using P2PDB.Primitives.Buffers;

namespace P2PDB.Primitives.Tests.Buffers;

public class ByteWriterTests
{
    [Fact]
    public void Reader_takes_back_what_was_written()
    {
        using var writer = new ByteWriter(1);
        for (int i = 0; i < 300; i++)
        {
            writer.WriteByte((byte)i);
            writer.WriteUInt16((ushort)(i * 7));
            writer.WriteUInt32((uint)i * 77_777);
            writer.WriteUInt64((ulong)i * 77_777_777_777);
            writer.WriteVarint(1UL << (i % 64));
            writer.Write("text"u8);
            writer.WriteZeros(3);
        }

        var reader = new ByteReader(writer.Written);
        for (int i = 0; i < 300; i++)
        {
            Assert.True(reader.TryReadByte(out byte b));
            Assert.True(reader.TryReadUInt16(out ushort u16));
            Assert.True(reader.TryReadUInt32(out uint u32));
            Assert.True(reader.TryReadUInt64(out ulong u64));
            Assert.True(reader.TryReadVarint(out ulong varint));
            Assert.True(reader.TryReadBytes(4, out ReadOnlySpan<byte> text));
            Assert.Equal("text"u8, text);
            Assert.True(reader.TryReadBytes(3, out ReadOnlySpan<byte> zeros));
            Assert.Equal(new byte[3], zeros);
            Assert.Equal((byte)i, b);
            Assert.Equal((ushort)(i * 7), u16);
            Assert.Equal((uint)i * 77_777, u32);
            Assert.Equal((ulong)i * 77_777_777_777, u64);
            Assert.Equal(1UL << (i % 64), varint);
        }

        Assert.True(reader.IsAtEnd);
        Assert.Equal(writer.Length, reader.Position);
    }

    [Fact]
    public void Reader_takes_nothing_past_the_end()
    {
        var reader = new ByteReader([1, 0x80, 0]);

        Assert.False(reader.TryReadUInt32(out _));
        Assert.False(reader.TryReadUInt64(out _));
        Assert.False(reader.TryReadBytes(4, out _));
        Assert.False(reader.TryReadBytes(-1, out _));
        Assert.False(reader.TryReadVarint(0, out _));
        Assert.Equal(0, reader.Position);
        Assert.True(reader.TryReadVarint(1, out int one));
        Assert.Equal(1, one);
        Assert.False(reader.TryReadVarint(out _));
        Assert.Equal(2, reader.Remaining);
        Assert.True(reader.TrySkip(2));
        Assert.False(reader.TryReadByte(out _));
        Assert.False(reader.TryReadUInt16(out _));
    }

    [Fact]
    public void Writer_may_copy_from_itself_while_it_grows()
    {
        using var writer = new ByteWriter(16);
        writer.Write("abcd"u8);
        for (int i = 0; i < 12; i++)
            writer.Write(writer.Written);

        Assert.Equal(4 << 12, writer.Length);
        for (int i = 0; i < writer.Length; i++)
            Assert.Equal("abcd"u8[i % 4], writer.Written[i]);
    }

    [Fact]
    public void Written_bytes_can_be_patched_and_cut_off()
    {
        using var writer = new ByteWriter();
        writer.WriteUInt32(0);
        writer.GetSpan(3)[..3].Fill(9);
        writer.Advance(3);
        writer.WrittenSpan[0] = 3;
        writer.Truncate(5);

        Assert.Equal<byte>([3, 0, 0, 0, 9], writer.Written.ToArray());
        Assert.Equal<byte>([3, 0, 0, 0, 9], writer.WrittenMemory.ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Truncate(6));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Advance(-1));
        writer.Clear();
        Assert.Equal(0, writer.Length);
    }

    [Fact]
    public void Warm_writer_allocates_nothing()
    {
        using var writer = new ByteWriter(4096);
        writer.WriteUInt64(1);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            writer.Clear();
            writer.WriteVarint(1234567);
            writer.Write("some bytes"u8);
            writer.WriteUInt64(5);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Disposed_writer_and_buffer_are_not_writable()
    {
        var writer = new ByteWriter();
        writer.Dispose();
        writer.Dispose();
        RentedBuffer buffer = RentedBuffer.CopyOf([1, 2, 3]);
        Assert.Equal<byte>([1, 2, 3], buffer.Span.ToArray());
        Assert.Equal(3, buffer.Memory.Length);
        buffer.Dispose();
        buffer.Dispose();

        Assert.Throws<ObjectDisposedException>(() => writer.WriteByte(1));
        Assert.Throws<ObjectDisposedException>(() => buffer.Memory);
    }
}
