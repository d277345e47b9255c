namespace P2PDB.Primitives.Keys;

/// <summary>X25519 key agreement (RFC 7748). All keys and secrets have 32 bytes; allocates nothing over libsodium.</summary>
public static class X25519
{
    /// <summary>Bytes in a private key, a public key and a shared secret.</summary>
    public const int Length = 32;

    /// <summary>Writes the public key of <paramref name="privateKey"/>.</summary>
    public static void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey) =>
        DerivePublicKey(Cryptography.Chosen, privateKey, publicKey);

    /// <summary>
    /// Writes the secret shared with the owner of <paramref name="publicKey"/>; false when it would be all zeros, which
    /// a hostile key can force, and then <paramref name="sharedSecret"/> is zero.
    /// </summary>
    public static bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret) =>
        TryAgree(Cryptography.Chosen, privateKey, publicKey, sharedSecret);

    internal static void DerivePublicKey(
        ICryptographyProvider provider, ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        RequireLength(privateKey, nameof(privateKey));
        RequireLength(publicKey, nameof(publicKey));
        provider.DerivePublicKey(privateKey, publicKey);
    }

    internal static bool TryAgree(
        ICryptographyProvider provider, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey,
        Span<byte> sharedSecret)
    {
        RequireLength(privateKey, nameof(privateKey));
        RequireLength(publicKey, nameof(publicKey));
        RequireLength(sharedSecret, nameof(sharedSecret));
        bool agreed = provider.TryAgree(privateKey, publicKey, sharedSecret);
        if (!agreed)
            sharedSecret.Clear();
        return agreed;
    }

    private static void RequireLength(ReadOnlySpan<byte> value, string name)
    {
        if (value.Length != Length)
            throw new ArgumentException("Keys and secrets of X25519 have 32 bytes.", name);
    }
}
