using System.Security.Cryptography;
using System.Text;
using P2PDB.Engine;
using P2PDB.Server.Authentication;

namespace P2PDB.Server.Tests.Authentication;

public class PasswordTests
{
    [Fact]
    public void Native_form_is_the_double_sha1()
    {
        // SELECT PASSWORD('password') of any MySQL or MariaDB.
        Assert.Equal("*2470C0C06DEE42FD1618BB99005ADCA2EC9D1E19", Encoding.ASCII.GetString(PasswordHash.Native("password"u8)));
        Assert.Empty(PasswordHash.Native(default));
    }

    [Fact]
    public void Stored_sha2_form_verifies_its_password_alone()
    {
        byte[] stored = PasswordHash.CachingSha2("geheim"u8, new byte[PasswordHash.SaltLength]);

        Assert.Equal(70, stored.Length);
        Assert.StartsWith("$A$005$", Encoding.ASCII.GetString(stored), StringComparison.Ordinal);
        Assert.True(PasswordHash.VerifyCachingSha2(stored, "geheim"u8));
        Assert.False(PasswordHash.VerifyCachingSha2(stored, "geheiM"u8));
        Assert.False(PasswordHash.VerifyCachingSha2(stored, new byte[1 << 20]));   // denied at once, not hashed for hours
        Assert.False(PasswordHash.VerifyCachingSha2(stored.AsSpan(1), "geheim"u8));
        Assert.False(PasswordHash.VerifyCachingSha2([], ""u8));
    }

    [Fact]
    public void A_password_that_changed_misses_the_cache()
    {
        var cache = new PasswordCache();
        byte[] nonce = Encoding.ASCII.GetBytes("abcdefghijklmnopqrst");
        var account = new Account("u", "%", Account.CachingSha2Plugin, [1, 2, 3]);
        cache.Add(account, account.Authentication, "geheim"u8);

        Assert.True(cache.Verify(account, Proof("geheim"u8, nonce), nonce));
        Assert.False(cache.Verify(account, Proof("falsch"u8, nonce), nonce));
        Assert.False(cache.Verify(account with { Authentication = [1, 2, 4] }, Proof("geheim"u8, nonce), nonce));
        Assert.True(cache.Verify(account with { Authentication = [1, 2, 4], SecondAuthentication = [1, 2, 3] }, Proof("geheim"u8, nonce), nonce));
    }

    [Fact]
    public void A_message_of_another_key_is_refused()
    {
        using var keys = new KeyExchange();
        byte[] nonce = Encoding.ASCII.GetBytes("abcdefghijklmnopqrst");
        Span<byte> target = stackalloc byte[KeyExchange.MessageLength];

        Assert.Equal(-1, keys.Decrypt(new byte[KeyExchange.MessageLength], nonce, target));
        Assert.Equal(-1, keys.Decrypt(new byte[10], nonce, target));

        using RSA client = RSA.Create();
        client.ImportFromPem(Encoding.ASCII.GetString(keys.PublicKeyPem));
        byte[] password = [.. "geheim"u8, 0];
        for (int i = 0; i < password.Length; i++)
            password[i] ^= nonce[i];
        int length = keys.Decrypt(client.Encrypt(password, RSAEncryptionPadding.OaepSHA1), nonce, target);
        Assert.Equal("geheim", Encoding.ASCII.GetString(target[..length]));
    }

    private static byte[] Proof(ReadOnlySpan<byte> password, byte[] nonce)
    {
        byte[] first = SHA256.HashData(password);
        byte[] mask = SHA256.HashData([.. SHA256.HashData(first), .. nonce]);
        return [.. first.Zip(mask, (left, right) => (byte)(left ^ right))];
    }
}
