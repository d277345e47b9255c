using System.Buffers.Binary;
using P2PDB.Network.Protocols.Gossipsub;

namespace P2PDB.Network.Tests.Gossipsub;

public class MessageCacheTests
{
    private readonly FramePool _frames = new();

    [Fact]
    public void Message_can_be_asked_for_longer_than_it_is_gossiped_about()
    {
        var cache = new MessageCache(historyLength: 5);
        MessageFrame frame = Frame(1, 10);
        cache.Add(frame);

        for (int heartbeat = 1; heartbeat <= 6; heartbeat++)
        {
            var gossiped = new List<MessageFrame>();
            cache.CollectGossip(windowCount: 3, _ => gossiped);
            Assert.Equal(heartbeat <= 3, gossiped.Contains(frame));
            Assert.Equal(heartbeat <= 5, cache.TryGet(frame.Id, out _));
            cache.Shift();
        }
    }

    [Fact]
    public void Oldest_messages_go_first_where_bytes_run_out()
    {
        const int Length = 1_000_000;
        var cache = new MessageCache(historyLength: 5);
        var ids = new List<MessageId>();
        int footprint = 0;
        for (int i = 0; i < 80; i++)
        {
            MessageFrame frame = Frame(i, Length);
            ids.Add(frame.Id);
            footprint = frame.Footprint;
            cache.Add(frame);
            frame.Release();
            if (i % 25 == 24)
                cache.Shift();
        }

        int keptCount = Limits.GossipCacheLengthMax / footprint;
        Assert.InRange(keptCount, 1, Limits.GossipCacheLengthMax / Length);
        for (int i = 0; i < 80; i++)
            Assert.Equal(i >= 80 - keptCount, cache.TryGet(ids[i], out _));

        for (int i = 0; i < 5; i++)
            cache.Shift();
        Assert.False(cache.TryGet(ids[79], out _));
    }

    [Fact]
    public void Small_messages_are_counted_at_what_they_cost()
    {
        const int Count = 600_000;
        var cache = new MessageCache(historyLength: 5);
        for (int i = 0; i < Count; i++)
        {
            MessageFrame frame = Frame(i, 1);
            cache.Add(frame);
            frame.Release();
        }

        int keptCount = Enumerable.Range(0, Count).Count(i => cache.TryGet(Id(i), out _));
        Assert.InRange(keptCount, 1, Limits.GossipCacheLengthMax / Limits.GossipFrameOverhead);
    }

    [Fact]
    public void Seen_messages_are_forgotten_by_age_and_by_number()
    {
        var seen = new SeenCache(TimeSpan.FromSeconds(120));
        for (int i = 0; i <= Limits.GossipSeenCountMax; i++)
        {
            Assert.True(seen.TryAdd(Id(i), SeenStatus.Accepted, TimeSpan.Zero));
            Assert.False(seen.TryAdd(Id(i), SeenStatus.Accepted, TimeSpan.Zero));
        }

        Assert.False(seen.Contains(Id(0)));
        Assert.True(seen.Contains(Id(1)));
        seen.Expire(TimeSpan.FromSeconds(119));
        Assert.True(seen.Contains(Id(1)));
        seen.Expire(TimeSpan.FromSeconds(120));
        Assert.False(seen.Contains(Id(Limits.GossipSeenCountMax)));
    }

    private MessageFrame Frame(int number, int length)
    {
        MessageFrame frame = _frames.Take();
        frame.Fill(new PubsubMessage { Data = new byte[length], Topic = "news"u8, Fields = 0b1_0100 }, Id(number), "news", null, null);
        frame.Seal();
        return frame;
    }

    private static MessageId Id(int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        Assert.True(MessageId.TryCreate(bytes, out MessageId id));
        return id;
    }
}
