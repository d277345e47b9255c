using System.Security.Cryptography;
using System.Text;

namespace P2PDB.Server.Tests.Authentication;

/// <summary>What a client sends to prove its password.</summary>
internal static class Proofs
{
    public static byte[] Native(ReadOnlySpan<byte> password, ReadOnlySpan<byte> nonce)
    {
#pragma warning disable CA5350 // The plugin is defined with SHA-1.
        byte[] first = SHA1.HashData(password);
        byte[] mask = SHA1.HashData([.. nonce, .. SHA1.HashData(first)]);
#pragma warning restore CA5350
        return Mix(first, mask);
    }

    public static byte[] Sha2(ReadOnlySpan<byte> password, ReadOnlySpan<byte> nonce)
    {
        byte[] first = SHA256.HashData(password);
        byte[] mask = SHA256.HashData([.. SHA256.HashData(first), .. nonce]);
        return Mix(first, mask);
    }

    /// <summary>The password itself, for the server's key alone.</summary>
    public static byte[] Encrypt(ReadOnlySpan<byte> password, ReadOnlySpan<byte> pem, ReadOnlySpan<byte> nonce)
    {
        using RSA key = RSA.Create();
        key.ImportFromPem(Encoding.ASCII.GetString(pem));
        byte[] message = [.. password, 0];
        for (int i = 0; i < message.Length; i++)
            message[i] ^= nonce[i % nonce.Length];
        return key.Encrypt(message, RSAEncryptionPadding.OaepSHA1);
    }

    private static byte[] Mix(byte[] first, byte[] mask)
    {
        for (int i = 0; i < first.Length; i++)
            first[i] ^= mask[i];
        return first;
    }
}
