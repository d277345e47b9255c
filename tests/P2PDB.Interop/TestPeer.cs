using P2PDB.Network.Multiaddr;
using P2PDB.Network.Peers;

namespace P2PDB.Interop;

/// <summary>
/// The peer at the other end of an interoperability test, driven from outside: js-libp2p where <c>P2PDB_INTEROP_DIR</c> names the
/// folder of its test peer, a second swarm of our own otherwise. Each test asserts the same of both.
/// </summary>
internal abstract class TestPeer : IAsyncDisposable
{
    public const string Echo = "/test/echo/1.0.0";
    public const string Sink = "/test/sink/1.0.0";

    /// <summary>The peer's id.</summary>
    public abstract PeerId Peer { get; }

    /// <summary>Where it listens, with its id.</summary>
    public abstract Multiaddress Address { get; }

    /// <summary>Text that its agent version contains.</summary>
    public abstract string AgentText { get; }

    /// <summary>Starts the peer that this run tests against.</summary>
    public static async Task<TestPeer> StartAsync(bool earlyMuxer)
    {
        string? folder = Environment.GetEnvironmentVariable("P2PDB_INTEROP_DIR");
        return folder is null ? await OwnPeer.StartOwnAsync(earlyMuxer) : await JsPeer.StartJsAsync(folder, earlyMuxer);
    }

    /// <summary>Dials; true once connected to that very peer.</summary>
    public abstract Task<bool> DialAsync(Multiaddress address);

    /// <summary>Pings; the round trips that came back.</summary>
    public abstract Task<int> PingAsync(Multiaddress address, int count);

    /// <summary>Opens that many echo streams at once, each with so many rounds of that length; true if all came back.</summary>
    public abstract Task<bool> EchoAsync(Multiaddress address, int length, int rounds, int streams);

    /// <summary>Sends to a sink; the bytes the sink says it counted.</summary>
    public abstract Task<long> SendAsync(Multiaddress address, long length);

    /// <summary>What the peer learned about another by identify: its agent version and protocols.</summary>
    public abstract Task<(string Agent, string[] Protocols, bool IsRecordSigned)> IdentifiedAsync(PeerId other);

    public abstract ValueTask DisposeAsync();
}
