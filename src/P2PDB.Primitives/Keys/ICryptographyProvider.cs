namespace P2PDB.Primitives.Keys;

/// <summary>
/// A native library's Ed25519 and X25519. The caller has checked all lengths, and verification's strict rules
///; what is left to the library is the equation S·B = R + H(R, A, M)·A, without cofactor.
/// </summary>
internal interface ICryptographyProvider
{
    /// <summary>The library and its version.</summary>
    public string Name { get; }

    /// <summary>Prepares the key pair of <paramref name="seed"/> and writes its public key.</summary>
    public IEd25519Signer CreateSigner(ReadOnlySpan<byte> seed, Span<byte> publicKey);

    /// <summary>Checks the equation of a signature that passed the strict rules.</summary>
    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature);

    /// <summary>The public key of an X25519 private key.</summary>
    public void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey);

    /// <summary>X25519 agreement; false when the shared secret would be all zeros.</summary>
    public bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret);
}
