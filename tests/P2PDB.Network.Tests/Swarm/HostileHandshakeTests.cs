using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using P2PDB.Network.Multiaddr;
using P2PDB.Network.Negotiation;
using P2PDB.Network.Peers;
using P2PDB.Network.Protobuf;
using P2PDB.Network.Security;
using P2PDB.Network.Swarm;
using P2PDB.Network.Transports;
using P2PDB.Primitives.Keys;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Network.Tests.Swarm;

/// <summary>Remotes that claim to be somebody else, by a forged proof or by another's words.</summary>
public class HostileHandshakeTests
{
    private static readonly CancellationToken Never = CancellationToken.None;

    public static TheoryData<string> Forgeries => new("another's key", "another's static key", "empty signature", "no key", "cut key");

    [Theory, MemberData(nameof(Forgeries))]
    public async Task Forged_identity_of_a_dialler_is_refused(string forgery)
    {
        await using PeerSwarm swarm = TestSwarm.Create(1);
        Multiaddress address = await TestSwarm.ListenAsync(swarm);
        await using HonestTraffic honest = await HonestTraffic.StartAsync(swarm, address);
        TcpChannel remote = await HostileRemote.DialRawAsync(address);
        Assert.NotNull(await MultistreamSelect.ProposeAsync(remote, [NoiseUpgrade.ProtocolId], Never));

        await ShakeHandsAsync(remote, isInitiator: true, forgery);

        await HostileRemote.ReadToEndAsync(remote);
        Assert.Single(swarm.Connections);   // the honest one
        await honest.AssertGoesOnAsync();
    }

    [Theory, MemberData(nameof(Forgeries))]
    public async Task Forged_identity_of_a_listener_is_refused(string forgery)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task hostile = Task.Run(async () =>
        {
            var channel = new TcpChannel(await listener.AcceptSocketAsync());
            await MultistreamSelect.AnswerAsync(channel, _ => true, Never);
            await ShakeHandsAsync(channel, isInitiator: false, forgery);
        });
        await using PeerSwarm swarm = TestSwarm.Create(1);

        DialOutcome outcome = await swarm.DialAsync(Multiaddress.FromEndPoint((IPEndPoint)listener.LocalEndpoint));

        Assert.Equal(DialStatus.NegotiationFailed, outcome.Status);
        Assert.Empty(swarm.Connections);
        await hostile;
    }

    [Fact]
    public async Task Replayed_session_gets_nowhere()
    {
        await using PeerSwarm swarm = TestSwarm.Create(1);
        Multiaddress address = await TestSwarm.ListenAsync(swarm);
        await using HonestTraffic honest = await HonestTraffic.StartAsync(swarm, address);
        TcpChannel socket = await HostileRemote.DialRawAsync(address);
        var recorded = new RecordingChannel(socket);
        UpgradeOutcome upgrade = await ConnectionUpgrade.RunAsync(recorded, TestSwarm.Key(66), true, null, true, Never);
        Assert.Equal(DialStatus.Connected, upgrade.Status);
        await TestSwarm.UntilAsync(() => swarm.Connections.Count == 2);
        socket.Abort();
        await TestSwarm.UntilAsync(() => swarm.Connections.Count == 1);

        bool wasConnected = false;
        swarm.PeerConnected += _ => wasConnected = true;
        TcpChannel replay = await HostileRemote.DialRawAsync(address);
        foreach (byte[] message in recorded.Sent)
            await replay.SendAsync(message, Never);

        await HostileRemote.ReadToEndAsync(replay);
        Assert.False(wasConnected);
        await honest.AssertGoesOnAsync();
    }

    private static async Task ShakeHandsAsync(TcpChannel channel, bool isInitiator, string forgery)
    {
        NoiseKeyPair staticKey = NoiseKeyPair.Generate();
        using var handshake = new NoiseHandshake(isInitiator, staticKey, NoiseKeyPair.Generate());
        byte[] payload = Forge(forgery, staticKey.PublicKey);
        byte[] buffer = new byte[2 + Limits.NoiseMessageLengthMax];
        for (int i = 0; !handshake.IsDone; i++)
        {
            if (handshake.IsOurTurn)
            {
                int length = handshake.Write(i == 0 ? [] : payload, buffer.AsSpan(2));
                BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)length);
                await channel.SendAsync(buffer.AsMemory(0, 2 + length), Never);
                continue;
            }

            if (!await FillAsync(channel, buffer.AsMemory(0, 2)))
                return;

            int received = BinaryPrimitives.ReadUInt16BigEndian(buffer);
            if (!await FillAsync(channel, buffer.AsMemory(0, received)) || handshake.Read(buffer.AsSpan(0, received), new byte[received]) < 0)
                return;
        }
    }

    private static byte[] Forge(string forgery, ReadOnlySpan<byte> staticKey)
    {
        SigningKey own = TestSwarm.Key(66);
        byte[] victim = IdentityKey.FromEd25519(TestSwarm.Key(67).PublicKey).Encode();
        byte[] key = IdentityKey.FromEd25519(own.PublicKey).Encode();
        byte[] signature = new byte[64];
        own.Sign([.. "noise-libp2p-static-key:"u8, .. staticKey], signature);
        var writer = new ProtobufWriter();
        switch (forgery)
        {
            case "another's key":
                key = victim;
                break;
            case "another's static key":
                own.Sign([.. "noise-libp2p-static-key:"u8, .. new byte[32]], signature);
                break;
            case "empty signature":
                signature = [];
                break;
            case "no key":
                key = [];
                break;
            default:
                key = key[..^1];
                break;
        }

        writer.WriteBytes(1, key);
        writer.WriteBytes(2, signature);
        return writer.ToOwned();
    }

    private static async Task<bool> FillAsync(TcpChannel channel, Memory<byte> target)
    {
        while (!target.IsEmpty)
        {
            int received = await channel.ReceiveAsync(target, Never);
            if (received == 0)
                return false;

            target = target[received..];
        }

        return true;
    }
}
