using System.Security.Cryptography;
using System.Text;

namespace P2PDB.Host.Client;

/// <summary>What a client answers to the server's nonce, so that the password itself is not sent.</summary>
internal static class PasswordScramble
{
    /// <summary>SHA1(password) ⊕ SHA1(nonce ‖ SHA1(SHA1(password))): mysql_native_password.</summary>
    public static byte[] Native(string password, ReadOnlySpan<byte> nonce)
    {
        if (password.Length == 0)
            return [];

#pragma warning disable CA5350 // The protocol's own hash; the server decides whether it still offers it.
        byte[] once = SHA1.HashData(Encoding.UTF8.GetBytes(password));
        return Xor(once, SHA1.HashData([.. nonce, .. SHA1.HashData(once)]));
#pragma warning restore CA5350
    }

    /// <summary>SHA256(password) ⊕ SHA256(SHA256(SHA256(password)) ‖ nonce): caching_sha2_password.</summary>
    public static byte[] Sha2(string password, ReadOnlySpan<byte> nonce)
    {
        if (password.Length == 0)
            return [];

        byte[] once = SHA256.HashData(Encoding.UTF8.GetBytes(password));
        return Xor(once, SHA256.HashData([.. SHA256.HashData(once), .. nonce]));
    }

    /// <summary>The password under the server's RSA key, for a caching_sha2_password login that is not cached yet.</summary>
    /// <exception cref="InvalidDataException">The server sent no RSA key that can encrypt it.</exception>
    public static byte[] Encrypt(string password, ReadOnlySpan<byte> nonce, string publicKeyPem)
    {
        byte[] text = [.. Encoding.UTF8.GetBytes(password), 0];
        for (int i = 0; i < text.Length; i++)
            text[i] ^= nonce[i % nonce.Length];

        using RSA rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(publicKeyPem);
            return rsa.Encrypt(text, RSAEncryptionPadding.OaepSHA1);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            throw new InvalidDataException($"The server sent a key that encrypts no password: {e.Message}", e);
        }
    }

    private static byte[] Xor(byte[] hash, byte[] with)
    {
        for (int i = 0; i < hash.Length; i++)
            hash[i] ^= with[i];
        return hash;
    }
}
