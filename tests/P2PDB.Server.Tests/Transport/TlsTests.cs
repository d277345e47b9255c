using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using P2PDB.Server.Authentication;
using P2PDB.Server.Packets;

namespace P2PDB.Server.Tests.Transport;

/// <summary>A server with a certificate, and clients that ask for TLS.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_client_agrees_on_tls_verifies_the_server_and_is_served_after_idling(SslProtocols protocol)
    {
        await using TestServer server = await TestServer.StartAsync(Options);
        using RawClient client = server.Connect();
        AskForTls(client);
        await using SslStream tls = await SecureAsync(client, protocol);

        Send(tls, 2, RawClient.LoginPacket("root", Capabilities.Ssl));
        Assert.Equal(0, Read(tls)[0]);
        await TestServer.UntilAsync(() => server.Server.ParkedCount == 1);
        Send(tls, 0, [(byte)CommandCode.Query, .. "SELECT REPEAT('x', 100000)"u8]);
        Read(tls);
        Read(tls);
        Read(tls);
        Assert.Equal(100_004, Read(tls).Length);
        Assert.Equal(0xFE, Read(tls)[0]);
        Assert.Equal(protocol, tls.SslProtocol);
        Send(tls, 0, [(byte)CommandCode.Query, .. "SHOW STATUS LIKE 'Ssl_version'"u8]);
        for (int i = 0; i < 4; i++)
            Read(tls);
        string version = protocol == SslProtocols.Tls13 ? "TLSv1.3" : "TLSv1.2";
        Assert.EndsWith(version, System.Text.Encoding.UTF8.GetString(Read(tls)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handshake_that_stands_still_ends_after_connect_timeout()
    {
        await using TestServer server = await TestServer.StartAsync(Options);
        using RawClient client = server.Connect();
        AskForTls(client);
        client.Send("16 0301");   // the start of a record

        server.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, server.Server.ConnectionCount);
        server.Time.Advance(TimeSpan.FromSeconds(6));

        client.AssertClosed();
    }

    [Fact]
    public async Task Bytes_that_are_no_tls_end_that_connection_alone()
    {
        await using TestServer server = await TestServer.StartAsync(Options);
        using RawClient client = server.Connect();
        AskForTls(client);

        client.SendPacket(2, RawClient.LoginPacket("root", Capabilities.Ssl));

        client.Socket.Shutdown(SocketShutdown.Send);
        await TestServer.UntilAsync(() => server.Server.ConnectionCount == 0);
        await server.AssertOthersAreServedAsync();
    }

    [Fact]
    public async Task Without_a_certificate_tls_is_neither_offered_nor_taken()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();

        Assert.False(OffersTls(client.Read()!));
        client.SendPacket(1, TlsRequest());

        Assert.Equal(1043, client.ReadErrorCode());
    }

    [Fact]
    public void A_certificate_is_made_once_and_its_key_is_the_owners_alone()
    {
        byte[] first = ServerCertificate.LoadOrCreate(_directory, DateTimeOffset.UtcNow).TargetCertificate.RawData;
        byte[] second = ServerCertificate.LoadOrCreate(_directory, DateTimeOffset.UtcNow).TargetCertificate.RawData;

        Assert.Equal(first, second);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_directory, "server-key.pem")));
    }

    private static bool OffersTls(byte[] greeting)
    {
        int nonce = 1 + greeting.AsSpan(1).IndexOf((byte)0) + 1 + 4;
        return ((greeting[nonce + 9] | greeting[nonce + 10] << 8) & (int)Capabilities.Ssl) != 0;
    }

    private static byte[] TlsRequest() => RawClient.LoginPacket("root", Capabilities.Ssl)[..32];

    private static void AskForTls(RawClient client)
    {
        Assert.True(OffersTls(client.Read()!));
        client.SendPacket(1, TlsRequest());
    }

    private static void Send(SslStream tls, byte sequence, byte[] payload) =>
        tls.Write([(byte)payload.Length, (byte)(payload.Length >> 8), (byte)(payload.Length >> 16), sequence, .. payload]);

    private static byte[] Read(SslStream tls)
    {
        byte[] header = new byte[PacketLimits.HeaderLength];
        tls.ReadExactly(header);
        byte[] payload = new byte[header[0] | header[1] << 8 | header[2] << 16];
        tls.ReadExactly(payload);
        return payload;
    }

    private async Task<SslStream> SecureAsync(RawClient client, SslProtocols protocol)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(Path.Combine(_directory, "ca.pem"));
        var tls = new SslStream(new NetworkStream(client.Socket));
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocol,
            CertificateChainPolicy = policy,
        });
        return tls;
    }

    private MySqlServerOptions Options() => new()
    {
        EndPoint = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0),
        ParkAfter = TimeSpan.FromMilliseconds(20),
        Certificate = ServerCertificate.LoadOrCreate(_directory, DateTimeOffset.UtcNow),
    };
}
