using P2PDB.Server.Packets;

namespace P2PDB.Server.Tests.Packets;

public class PacketAssemblerTests
{
    [Fact]
    public void Bytes_that_trickle_in_make_the_same_packets()
    {
        using var assembler = new PacketAssembler();
        byte[] stream = Bytes.Of("01 00 00 00 0e  02 00 00 01 aa bb  00 00 00 02");
        List<string> packets = [];

        foreach (byte value in stream)
        {
            assembler.GetSpace()[0] = value;
            assembler.Received(1);
            while (assembler.TryTake(out ReadOnlySpan<byte> payload) == PacketStatus.Complete)
                packets.Add(Bytes.Hex(payload));
        }

        Assert.Equal(["0e", "aabb", ""], packets);
        Assert.True(assembler.IsEmpty);
    }

    [Theory]
    [InlineData(0xFF_FFFE, 1)]
    [InlineData(0xFF_FFFF, 2)]
    [InlineData(0x100_0000, 2)]
    [InlineData(2 * 0xFF_FFFF, 3)]
    [InlineData(40_000_000, 3)]
    public void Long_payloads_are_split_and_joined(int length, int frameCount)
    {
        using var writer = new PacketWriter { Sequence = 0 };
        byte[] expected = new byte[length];
        new Random(length).NextBytes(expected);

        writer.Begin();
        writer.WriteBytes(expected);
        writer.End();
        Assert.Equal(length + 4 * frameCount, writer.Length);
        Assert.Equal(frameCount, writer.Sequence);

        using var assembler = new PacketAssembler { PayloadLengthMax = PacketLimits.PayloadLengthMax };
        ReadOnlySpan<byte> stream = writer.Written;
        PacketStatus status;
        ReadOnlySpan<byte> payload;
        while ((status = assembler.TryTake(out payload)) == PacketStatus.Incomplete)
        {
            Span<byte> space = assembler.GetSpace();
            int piece = Math.Min(space.Length, Math.Min(stream.Length, 100_000));
            stream[..piece].CopyTo(space);
            assembler.Received(piece);
            stream = stream[piece..];
        }

        Assert.Equal(PacketStatus.Complete, status);
        Assert.True(payload.SequenceEqual(expected));
        Assert.True(assembler.IsEmpty);
    }

    [Fact]
    public void A_frame_out_of_its_turn_is_refused()
    {
        using var assembler = new PacketAssembler();
        Feed(assembler, Bytes.Of("01 00 00 01 0e"));

        Assert.Equal(PacketStatus.OutOfOrder, assembler.TryTake(out _));
    }

    [Fact]
    public void An_announced_length_over_the_limit_is_refused_before_its_bytes_come()
    {
        using var assembler = new PacketAssembler { PayloadLengthMax = 1_000 };
        Feed(assembler, Bytes.Of("e9 03 00 00"));

        Assert.Equal(PacketStatus.TooLarge, assembler.TryTake(out _));
    }

    [Fact]
    public void Joined_frames_count_together_against_the_limit()
    {
        using var assembler = new PacketAssembler { PayloadLengthMax = 0xFF_FFFF + 9 };
        Feed(assembler, [0xFF, 0xFF, 0xFF, 0]);
        Feed(assembler, new byte[0xFF_FFFF]);
        Feed(assembler, [10, 0, 0, 1]);

        Assert.Equal(PacketStatus.TooLarge, assembler.TryTake(out _));
    }

    [Fact]
    public void A_header_alone_reserves_no_memory_for_what_it_announces()
    {
        using var assembler = new PacketAssembler { PayloadLengthMax = PacketLimits.PayloadLengthMax };
        Feed(assembler, [0xFE, 0xFF, 0xFF, 0]);

        Assert.Equal(PacketStatus.Incomplete, assembler.TryTake(out _));
        Assert.True(assembler.GetSpace().Length <= 2 * PacketLimits.WarmBufferLength);
    }

    [Fact]
    public void Warm_framing_allocates_nothing()
    {
        using var assembler = new PacketAssembler();
        byte[] stream = Bytes.Of("02 00 00 00 03 20");
        Cycle(100);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Cycle(10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Cycle(int count)
        {
            for (int i = 0; i < count; i++)
            {
                assembler.Sequence = 0;
                stream.CopyTo(assembler.GetSpace());
                assembler.Received(stream.Length);
                if (assembler.TryTake(out _) != PacketStatus.Complete)
                    throw new InvalidOperationException("no packet");
                assembler.Trim(keepWarm: true);
            }
        }
    }

    private static void Feed(PacketAssembler assembler, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Span<byte> space = assembler.GetSpace();
            int length = Math.Min(space.Length, bytes.Length);
            bytes[..length].CopyTo(space);
            assembler.Received(length);
            bytes = bytes[length..];
        }
    }
}
