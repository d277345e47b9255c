using P2PDB.Network.Protocols.Gossipsub;

namespace P2PDB.Network.Tests.Gossipsub;

/// <summary>When a peer that reads too little is let go of.</summary>
public class OutboxTests
{
    private const int FrameLength = 64 * 1_024;
    private const int FullCount = Limits.GossipQueueLengthMax / FrameLength;

    private readonly ManualTimeProvider _time = new();
    private readonly Outbox _outbox;

    public OutboxTests() => _outbox = new Outbox(_time);

    private bool IsStalled => _outbox.IsStalled(Limits.GossipStallTimeout);

    [Fact]
    public void Peer_that_reads_nothing_is_stalled_and_one_that_nothing_waits_for_is_not()
    {
        Pass(2);
        Assert.False(IsStalled);

        Add(1);
        Pass(1);
        Assert.False(IsStalled);
        Pass(0.2);
        Assert.True(IsStalled);
    }

    [Fact]
    public void Peer_that_takes_a_frame_of_a_full_queue_now_and_then_is_stalled()
    {
        Fill();
        Pass(0.95);
        Take(1);
        Fill();
        Assert.False(IsStalled);
        Pass(0.1);

        Assert.True(IsStalled);
    }

    [Fact]
    public void Slow_peer_that_keeps_reading_is_not_stalled()
    {
        Fill();
        for (int i = 0; i < 20; i++)
        {
            Pass(0.95);
            Assert.False(IsStalled);
            Take((FullCount / 8) + 1);
            Fill();
        }
    }

    [Fact]
    public void Queue_that_was_half_emptied_counts_anew()
    {
        Fill();
        Pass(0.95);
        Take(FullCount);
        Add(3);
        Pass(0.95);
        Take(1);
        Pass(0.95);

        Assert.False(IsStalled);
    }

    private void Pass(double timeouts) => _time.Advance(timeouts * Limits.GossipStallTimeout);

    private void Fill()
    {
        while (_outbox.HasRoomForOwn)
            Add(1);
    }

    private void Add(int count)
    {
        for (int i = 0; i < count; i++)
        {
            OutgoingFrame frame = OutgoingFrame.FromRpc(new byte[FrameLength], []);
            Assert.True(_outbox.TryAddCertain(frame));
            frame.Release();
        }
    }

    private void Take(int count)
    {
        for (int i = 0; i < count && _outbox.TryTake(out OutgoingFrame? frame); i++)
            frame!.Release();
    }
}
