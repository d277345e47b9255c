using Microsoft.Extensions.Logging.Abstractions;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Swarm;
using P2PDB.Primitives.Keys;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Network.Tests.Swarm;

/// <summary>Swarms with fixed keys on the loopback device.</summary>
internal static class TestSwarm
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static SigningKey Key(byte seed)
    {
        byte[] bytes = new byte[32];
        bytes[31] = seed;
        return SigningKey.FromSeed(bytes);
    }

    public static PeerSwarm Create(byte seed, SwarmOptions? options = null, TimeProvider? time = null) =>
        new(Key(seed), options ?? new SwarmOptions(), time ?? TimeProvider.System, new Random(seed), NullLoggerFactory.Instance);

    public static Task<Multiaddress> ListenAsync(PeerSwarm swarm) => swarm.ListenAsync(Multiaddress.Parse("/ip4/127.0.0.1/tcp/0"));

    /// <summary>Ends when the condition holds; the events of a swarm have no other end to wait for here.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
