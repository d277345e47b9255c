using System.Net.Security;
using System.Net.Sockets;
using MySqlConnector;
using P2PDB.Server.Packets;
using P2PDB.Server.Transport;

namespace P2PDB.Server.Tests.Transport;

/// <summary>Clients that ask for TLS.</summary>
public sealed class TlsTests : IDisposable
{
    /// <summary>Capabilities Protocol41, Ssl, SecureConnection and PluginAuthentication; asks for TLS.</summary>
    private const string TlsRequest = "20000001 008a0800 00000001 ff 0000000000000000000000000000000000000000000000";

    private const int SslBit = 0x08;

    private readonly string _directory = Directory.CreateTempSubdirectory("p2pdb-tls-").FullName;
    private readonly SslStreamCertificateContext _certificate;

    public TlsTests() => _certificate = ServerCertificate.LoadOrCreate(_directory, TimeProvider.System);

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void The_certificate_is_made_once_and_its_key_is_nobody_elses_to_read()
    {
        string key = Path.Combine(_directory, ServerCertificate.KeyFile);

        SslStreamCertificateContext again = ServerCertificate.LoadOrCreate(_directory, TimeProvider.System);

        Assert.Equal(_certificate.TargetCertificate.Thumbprint, again.TargetCertificate.Thumbprint);
        Assert.True(again.TargetCertificate.HasPrivateKey);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
    }

    [Theory]
    [InlineData("TLSv1.2")]
    [InlineData("TLSv1.3")]
    public async Task A_client_sends_its_password_inside_of_tls_and_checks_who_it_speaks_with(string name)
    {
        await using TestServer server = await StartAsync("geheim");
        string text = $"Server=localhost;Port={server.Server.LocalEndPoint!.Port};User ID=root;Password=geheim;Pooling=false;SslMode=VerifyFull;"
            + $"SslCa={Path.Combine(_directory, ServerCertificate.CertificateFile)};TlsVersion={name}";
        await using var connection = new MySqlConnection(text);

        await connection.OpenAsync();

        await using var status = new MySqlCommand("SHOW STATUS LIKE 'Ssl_version'", connection);
        await using (MySqlDataReader reader = await status.ExecuteReaderAsync())
        {
            Assert.True(await reader.ReadAsync());
            Assert.Equal(name, reader.GetString(1));
        }

        await using var large = new MySqlCommand("SELECT REPEAT('abc', 1000000)", connection);
        Assert.Equal(3_000_000, ((string)(await large.ExecuteScalarAsync())!).Length);
    }

    [Fact]
    public async Task A_wrong_password_inside_of_tls_is_denied()
    {
        await using TestServer server = await StartAsync("geheim");
        await using var connection = new MySqlConnection(
            $"Server=127.0.0.1;Port={server.Server.LocalEndPoint!.Port};User ID=root;Password=falsch;Pooling=false;SslMode=Required");

        MySqlException failure = await Assert.ThrowsAsync<MySqlException>(() => connection.OpenAsync());

        Assert.Equal(1045, failure.Number);
    }

    [Theory]
    [InlineData("SSL", true)]
    [InlineData("CIPHER 'TLS_AES_256_GCM_SHA384'", true)]
    [InlineData("CIPHER 'TLS_RSA_WITH_NULL_SHA'", false)]
    [InlineData("X509", false)]
    [InlineData("ISSUER '/CN=P2PDB'", false)]
    public async Task An_account_that_requires_tls_is_let_in_by_nothing_less(string required, bool suffices)
    {
        await using TestServer server = await StartAsync(password: null);
        using (RawClient root = server.Connect())
        {
            root.LogIn();
            root.Run($"CREATE USER u REQUIRE {required}");
        }

        using (RawClient plain = server.Connect())
        {
            plain.Read();
            plain.SendPacket(1, RawClient.LoginPacket("u"));
            Assert.Equal(1045, plain.ReadErrorCode());
        }

        await using var connection = new MySqlConnection(
            $"Server=127.0.0.1;Port={server.Server.LocalEndPoint!.Port};User ID=u;Pooling=false;SslMode=Required;TlsVersion=TLSv1.3");
        Exception? failure = await Record.ExceptionAsync(() => connection.OpenAsync());
        Assert.Equal(suffices ? null : 1045, (failure as MySqlException)?.Number);
    }

    [Fact]
    public async Task The_handshake_may_arrive_with_the_request_for_it_and_the_connection_may_idle()
    {
        await using TestServer server = await StartAsync(password: null, parkAfterMs: 50);
        using RawClient client = server.Connect();
        byte[] greeting = client.Read()!;
        Assert.Equal(SslBit, greeting[1 + greeting.AsSpan(1).IndexOf((byte)0) + 1 + 4 + 8 + 1 + 1] & SslBit);

        // The buffer sends the request for TLS together with what SslStream writes first.
        await using var buffered = new BufferedStream(new NetworkStream(client.Socket));
        await buffered.WriteAsync(Bytes.Of(TlsRequest));
        await using SslStream tls = Trusting(buffered);
        await tls.AuthenticateAsClientAsync("localhost");
        byte[] login = RawClient.LoginPacket("root", Capabilities.Ssl);
        await tls.WriteAsync((byte[])[(byte)login.Length, 0, 0, 2, .. login]);
        byte[] ok = new byte[11];
        await tls.ReadExactlyAsync(ok);
        Assert.Equal("07000003000000", Bytes.Hex(ok.AsSpan(0, 7)));

        await TestServer.UntilAsync(() => server.Server.ParkedCount == 1);
        await tls.WriteAsync((byte[])[1, 0, 0, 0, 0x0E]);
        await tls.ReadExactlyAsync(ok);
        Assert.Equal("07000001000000", Bytes.Hex(ok.AsSpan(0, 7)));
        await tls.WriteAsync((byte[])[1, 0, 0, 0, 0x01]);
        Assert.Equal(0, await tls.ReadAsync(ok));   // the end as TLS tells it, and no stream cut off
    }

    [Fact]
    public async Task A_request_that_nothing_follows_holds_no_thread()
    {
        await using TestServer server = await StartAsync(password: null, parkAfterMs: 20);
        using RawClient client = server.Connect();
        client.Read();

        client.Send(TlsRequest);

        await TestServer.UntilAsync(() => server.Server.ParkedCount == 1);
        server.Time.Advance(TimeSpan.FromSeconds(11));
        client.AssertClosed();
    }

    [Theory]
    [InlineData("16030100050100000100")]
    [InlineData("474554202f20485454502f312e310d0a0d0a")]
    [InlineData("00")]
    public async Task Bytes_that_are_no_tls_end_the_connection_alone(string hex)
    {
        await using TestServer server = await StartAsync(password: null);
        using RawClient client = server.Connect();
        client.Read();

        client.Send(TlsRequest);
        client.Send(hex);
        client.Socket.Shutdown(SocketShutdown.Send);

        client.AssertClosed();
        await server.AssertOthersAreServedAsync();
    }

    [Fact]
    public async Task A_forged_record_ends_its_connection_alone()
    {
        await using TestServer server = await StartAsync(password: null);
        using RawClient client = server.Connect();
        client.Read();
        client.Send(TlsRequest);
        await using var raw = new NetworkStream(client.Socket);
        await using SslStream tls = Trusting(raw);
        await tls.AuthenticateAsClientAsync("localhost");

        // A record of application data whose tag cannot be right, before anybody has logged in.
        await raw.WriteAsync(Convert.FromHexString("1703030020" + new string('0', 64)));

        await TestServer.UntilAsync(() => server.Server.ConnectionCount == 0);
        await server.AssertOthersAreServedAsync();
    }

    [Fact]
    public void A_certificate_whose_making_was_cut_off_is_made_anew_and_one_without_its_key_says_what_to_do()
    {
        string certificate = Path.Combine(_directory, ServerCertificate.CertificateFile);
        string key = Path.Combine(_directory, ServerCertificate.KeyFile);
        File.Delete(certificate);
        File.WriteAllText(key + ".new", "");

        SslStreamCertificateContext again = ServerCertificate.LoadOrCreate(_directory, TimeProvider.System);

        Assert.True(again.TargetCertificate.HasPrivateKey);
        Assert.NotEqual(_certificate.TargetCertificate.Thumbprint, again.TargetCertificate.Thumbprint);
        File.Delete(key);
        FileNotFoundException failure = Assert.Throws<FileNotFoundException>(() => ServerCertificate.LoadOrCreate(_directory, TimeProvider.System));
        Assert.Contains("delete the certificate", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_that_speaks_of_tls_outside_of_it_is_refused()
    {
        await using TestServer server = await StartAsync(password: null);
        using RawClient client = server.Connect();
        client.Read();

        client.SendPacket(1, RawClient.LoginPacket("root", Capabilities.Ssl));

        Assert.Equal(1043, client.ReadErrorCode());
        client.AssertClosed();
    }

    [Fact]
    public async Task A_server_without_a_certificate_does_not_offer_tls()
    {
        await using TestServer server = await TestServer.StartAsync();
        using RawClient client = server.Connect();
        byte[] greeting = client.Read()!;

        client.Send(TlsRequest);

        Assert.Equal(0, greeting[1 + greeting.AsSpan(1).IndexOf((byte)0) + 1 + 4 + 8 + 1 + 1] & SslBit);
        Assert.Equal(1043, client.ReadErrorCode());
    }

    private async Task<TestServer> StartAsync(string? password, int parkAfterMs = 1_000) =>
        await TestServer.StartAsync(() => TestServer.Options(parkAfterMs: parkAfterMs, certificate: _certificate), password);

#pragma warning disable CA5359 // The test's own server is at the other end.
    private static SslStream Trusting(Stream inner) => new(inner, false, (_, _, _, _) => true);
#pragma warning restore CA5359
}
