using System.Security.Cryptography;

namespace P2PDB.Server.Authentication;

/// <summary>
/// Checks what a client sends instead of its password. Both plugins send the password's hash, masked with a hash over the
/// server's nonce and the hash of that hash; who knows only the latter can check the proof but cannot make one.
/// </summary>
internal static class PasswordProof
{
    /// <summary>Length of a mysql_native_password proof.</summary>
    public const int NativeLength = SHA1.HashSizeInBytes;

    /// <summary>Length of a caching_sha2_password proof.</summary>
    public const int Sha2Length = SHA256.HashSizeInBytes;

    /// <summary>proof = SHA1(password) xor SHA1(nonce · SHA1(SHA1(password))).</summary>
    /// <param name="proof">What the client sent.</param>
    /// <param name="nonce">The nonce it was sent.</param>
    /// <param name="stored">SHA1(SHA1(password)).</param>
    public static bool VerifyNative(ReadOnlySpan<byte> proof, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> stored)
    {
        if (proof.Length != NativeLength || stored.Length != NativeLength)
            return false;

        Span<byte> seed = stackalloc byte[Packets.HandshakePacket.NonceLength + NativeLength];
        nonce.CopyTo(seed);
        stored.CopyTo(seed[nonce.Length..]);
        Span<byte> hash = stackalloc byte[NativeLength];
#pragma warning disable CA5350 // The plugin is defined with SHA-1.
        SHA1.HashData(seed[..(nonce.Length + NativeLength)], hash);
        Unmask(hash, proof);
        SHA1.HashData(hash, hash);
#pragma warning restore CA5350
        return CryptographicOperations.FixedTimeEquals(hash, stored);
    }

    /// <summary>proof = SHA256(password) xor SHA256(SHA256(SHA256(password)) · nonce).</summary>
    /// <param name="proof">What the client sent.</param>
    /// <param name="nonce">The nonce it was sent.</param>
    /// <param name="cached">SHA256(SHA256(password)).</param>
    public static bool VerifySha2(ReadOnlySpan<byte> proof, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> cached)
    {
        if (proof.Length != Sha2Length || cached.Length != Sha2Length)
            return false;

        Span<byte> seed = stackalloc byte[Sha2Length + Packets.HandshakePacket.NonceLength];
        cached.CopyTo(seed);
        nonce.CopyTo(seed[Sha2Length..]);
        Span<byte> hash = stackalloc byte[Sha2Length];
        SHA256.HashData(seed[..(Sha2Length + nonce.Length)], hash);
        Unmask(hash, proof);
        SHA256.HashData(hash, hash);
        return CryptographicOperations.FixedTimeEquals(hash, cached);
    }

    private static void Unmask(Span<byte> mask, ReadOnlySpan<byte> proof)
    {
        for (int i = 0; i < mask.Length; i++)
            mask[i] ^= proof[i];
    }
}
