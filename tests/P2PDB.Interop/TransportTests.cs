namespace P2PDB.Interop;

/// <summary>TCP, Noise, yamux, identify and ping with another implementation, dialled from either side.</summary>
public class TransportTests
{
    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, true, false)]
    [InlineData(true, false, true)]
    [InlineData(false, true, true)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public async Task Peers_connect_identify_ping_and_stream(bool weDial, bool earlyMuxerHere, bool earlyMuxerThere)
    {
        await using OwnPeer own = await OwnPeer.StartOwnAsync(earlyMuxerHere);
        await using TestPeer other = await TestPeer.StartAsync(earlyMuxerThere);

        Assert.True(weDial ? await own.DialAsync(other.Address) : await other.DialAsync(own.Address));

        var seenByUs = await own.IdentifiedAsync(other.Peer);
        Assert.Contains(other.AgentText, seenByUs.Agent, StringComparison.Ordinal);
        Assert.Contains(TestPeer.Echo, seenByUs.Protocols);
        Assert.True(seenByUs.IsRecordSigned);
        var seenByThem = await other.IdentifiedAsync(own.Peer);
        Assert.Contains(own.AgentText, seenByThem.Agent, StringComparison.Ordinal);
        Assert.Contains(TestPeer.Echo, seenByThem.Protocols);
        Assert.True(seenByThem.IsRecordSigned);
        Assert.Equal(earlyMuxerHere && earlyMuxerThere, Assert.Single(own.Swarm.Connections).IsEarlyMuxer);

        Assert.Equal(5, await own.PingAsync(other.Address, 5));
        Assert.Equal(5, await other.PingAsync(own.Address, 5));
        foreach (int length in new[] { 0, 1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 3_000_000 })
        {
            Assert.True(await own.EchoAsync(other.Address, length, rounds: 1, streams: 1), $"own echo of {length}");
            Assert.True(await other.EchoAsync(own.Address, length, rounds: 1, streams: 1), $"other echo of {length}");
        }

        Assert.Single(own.Swarm.Connections);
    }

    [Fact]
    public async Task Streams_of_both_sides_share_a_connection()
    {
        await using OwnPeer own = await OwnPeer.StartOwnAsync(earlyMuxer: true);
        await using TestPeer other = await TestPeer.StartAsync(earlyMuxer: true);
        Assert.True(await own.DialAsync(other.Address));

        bool[] results = await Task.WhenAll(
            own.EchoAsync(other.Address, 10_000, rounds: 3, streams: 200),
            other.EchoAsync(own.Address, 10_000, rounds: 3, streams: 200));

        Assert.Equal([true, true], results);
        Assert.Equal(20_000_000, await own.SendAsync(other.Address, 20_000_000));
        Assert.Equal(20_000_000, await other.SendAsync(own.Address, 20_000_000));
    }
}
