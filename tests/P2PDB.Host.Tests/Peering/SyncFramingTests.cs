using P2PDB.Host.Peering;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Host.Tests.Peering;

public class SyncFramingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(10_000)]
    public void Frames_come_out_as_they_went_in_however_the_stream_is_cut(int pieceLength)
    {
        byte[][] frames = [[1], new byte[500], [2, 3], new byte[64]];
        using var stream = new ByteWriter();
        foreach (byte[] frame in frames)
            SyncFraming.Write(frame, stream);

        var framing = new SyncFraming(capacity: 16);
        List<byte[]> taken = Feed(framing, stream.Written, pieceLength);

        Assert.Equal(frames, taken);
        Assert.False(framing.IsBroken);
    }

    [Theory]
    [InlineData("00000000")]
    [InlineData("01005000")] // 5 MiB and a byte.
    [InlineData("FFFFFFFF")]
    public void Length_that_no_frame_has_breaks_the_stream(string hex)
    {
        var framing = new SyncFraming(capacity: 16);
        List<byte[]> taken = Feed(framing, [1, 0, 0, 0, 9, .. Convert.FromHexString(hex)], pieceLength: 3);

        Assert.Equal([9], Assert.Single(taken));
        Assert.True(framing.IsBroken);
    }

    [Fact]
    public void Stated_length_takes_no_room_before_the_bytes_come()
    {
        var framing = new SyncFraming(capacity: 16);
        Feed(framing, [0, 0, 0x50, 0, .. new byte[28]], pieceLength: 32);

        Assert.False(framing.IsBroken);
        Assert.InRange(framing.Room().Length, 1, 64);
    }

    private static List<byte[]> Feed(SyncFraming framing, ReadOnlySpan<byte> stream, int pieceLength)
    {
        List<byte[]> taken = [];
        while (!stream.IsEmpty)
        {
            Span<byte> room = framing.Room().Span;
            int length = Math.Min(Math.Min(pieceLength, room.Length), stream.Length);
            stream[..length].CopyTo(room);
            framing.Advance(length);
            stream = stream[length..];
            while (framing.TryTake(out ReadOnlySpan<byte> frame))
                taken.Add(frame.ToArray());
        }

        return taken;
    }
}
