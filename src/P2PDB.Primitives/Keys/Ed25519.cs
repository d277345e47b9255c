namespace P2PDB.Primitives.Keys;

/// <summary>Ed25519 signatures (RFC 8032), verified by one rule whichever library does it: libsodium's.</summary>
public static class Ed25519
{
    /// <summary>Bytes in a signature.</summary>
    public const int SignatureLength = 64;

    /// <summary>Bytes in a seed, which is the private key.</summary>
    public const int SeedLength = 32;

    /// <summary>
    /// Whether <paramref name="signature"/> is the key's signature of <paramref name="message"/>. False as well for a
    /// wrong length, S not below the group order, a key that is not canonical, and a key or R of small order. Allocates
    /// nothing.
    /// </summary>
    public static bool Verify(in PublicKey publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        Verify(Cryptography.Chosen, publicKey, message, signature);

    internal static bool Verify(
        ICryptographyProvider provider, in PublicKey publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        signature.Length == SignatureLength
        && Ed25519Rules.AreMet(publicKey.AsSpan(), signature)
        && provider.Verify(publicKey.AsSpan(), message, signature);
}
