using System.Security.Cryptography;

namespace P2PDB.Primitives.Keys;

/// <summary>
/// An Ed25519 key pair. The private half stays in pinned or native memory and is erased by <see cref="Dispose"/>, which
/// must not run while another thread signs. Signing is safe for several threads and allocates nothing.
/// </summary>
public sealed class SigningKey : IDisposable
{
    private readonly IEd25519Signer _signer;
    private readonly PublicKey _publicKey;

    private SigningKey(ICryptographyProvider provider, ReadOnlySpan<byte> seed)
    {
        if (seed.Length != Ed25519.SeedLength)
            throw new ArgumentException("A seed has 32 bytes.", nameof(seed));
        Span<byte> publicKey = stackalloc byte[PublicKey.Length];
        _signer = provider.CreateSigner(seed, publicKey);
        _publicKey = new PublicKey(publicKey);
    }

    /// <summary>The public half.</summary>
    public PublicKey PublicKey => _publicKey;

    /// <summary>The key pair of a 32-byte seed, of which no copy is kept where the collector could move it.</summary>
    public static SigningKey FromSeed(ReadOnlySpan<byte> seed) => FromSeed(Cryptography.Chosen, seed);

    /// <summary>A new key pair from the operating system's randomness.</summary>
    public static SigningKey Generate()
    {
        Span<byte> seed = stackalloc byte[Ed25519.SeedLength];
        RandomNumberGenerator.Fill(seed);
        try
        {
            return FromSeed(seed);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
        }
    }

    /// <summary>Writes the signature of <paramref name="message"/>: exactly 64 bytes.</summary>
    public void Sign(ReadOnlySpan<byte> message, Span<byte> signature)
    {
        if (signature.Length != Ed25519.SignatureLength)
            throw new ArgumentException("A signature has 64 bytes.", nameof(signature));
        _signer.Sign(message, signature);
    }

    /// <summary>Erases the private key.</summary>
    public void Dispose() => _signer.Dispose();

    internal static SigningKey FromSeed(ICryptographyProvider provider, ReadOnlySpan<byte> seed) => new(provider, seed);
}
