using System.Text;
using P2PDB.Engine;
using P2PDB.Server.Authentication;
using P2PDB.Server.Packets;

namespace P2PDB.Server.Tests.Authentication;

/// <summary>The steps of a login for accounts of every kind.</summary>
public sealed class LoginStepTests : IDisposable
{
    private static readonly Account Native = new("native", "%", Account.NativePlugin, [.. PasswordHash.Native("geheim"u8)]);

    private readonly PacketWriter _writer = new();
    private readonly KeyExchange _keys = new();
    private readonly Login _login;

    public LoginStepTests()
    {
        _login = new Login(new PasswordCache(), _keys, static target => target.Fill(7));
        _login.RenewNonce();
    }

    public void Dispose()
    {
        _writer.Dispose();
        _keys.Dispose();
    }

    [Theory]
    [InlineData("geheim", true)]
    [InlineData("Geheim", false)]
    public void The_native_plugin_takes_the_right_proof_alone(string password, bool isRight)
    {
        byte[] proof = Proofs.Native(Encoding.UTF8.GetBytes(password), _login.Nonce);

        AuthenticationStep step = _login.Start(Native, "mysql_native_password"u8, proof, canSwitch: true, _writer);

        Assert.Equal(isRight ? AuthenticationStep.Accepted : AuthenticationStep.Denied, step);
        Assert.True(_login.UsedPassword);
    }

    [Fact]
    public void No_proof_is_no_way_around_a_password()
    {
        Assert.Equal(AuthenticationStep.Denied, _login.Start(Native, "mysql_native_password"u8, [], canSwitch: true, _writer));
        Assert.False(_login.UsedPassword);
    }

    [Fact]
    public void Another_plugin_is_asked_for_and_its_proof_taken()
    {
        Assert.Equal(AuthenticationStep.NeedsAnswer, _login.Start(Native, "caching_sha2_password"u8, new byte[32], canSwitch: true, _writer));
        byte[] question = _writer.Written[PacketLimits.HeaderLength..].ToArray();
        Assert.Equal((byte[])[0xFE, .. "mysql_native_password\0"u8, .. _login.Nonce, 0], question);

        Assert.Equal(AuthenticationStep.Accepted, _login.Answer(Proofs.Native("geheim"u8, _login.Nonce), _writer));
    }

    [Fact]
    public void A_client_that_cannot_switch_is_denied() =>
        Assert.Equal(AuthenticationStep.Denied, _login.Start(Native, "caching_sha2_password"u8, new byte[32], canSwitch: false, _writer));
}
