using System.Security.Cryptography;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Security;

/// <summary>An X25519 key pair of one handshake.</summary>
internal sealed class NoiseKeyPair
{
    private readonly byte[] _privateKey;

    /// <summary>Wraps a private key; the tests pin the handshake's bytes with fixed ones.</summary>
    public NoiseKeyPair(ReadOnlySpan<byte> privateKey)
    {
        _privateKey = privateKey.ToArray();
        PublicKey = new byte[32];
        X25519.DerivePublicKey(_privateKey, PublicKey);
    }

    /// <summary>The public half, 32 bytes.</summary>
    public byte[] PublicKey { get; }

    /// <summary>A fresh pair from the system's randomness; keys must not follow from a simulation's seed.</summary>
    public static NoiseKeyPair Generate()
    {
        Span<byte> privateKey = stackalloc byte[32];
        RandomNumberGenerator.Fill(privateKey);
        return new NoiseKeyPair(privateKey);
    }

    /// <summary>The shared secret with the remote's key; false for keys of small order, whose secret anybody knows.</summary>
    public bool TryAgree(ReadOnlySpan<byte> remotePublicKey, Span<byte> secret) =>
        X25519.TryAgree(_privateKey, remotePublicKey, secret);

    /// <summary>Forgets the private half.</summary>
    public void Clear() => CryptographicOperations.ZeroMemory(_privateKey);
}
