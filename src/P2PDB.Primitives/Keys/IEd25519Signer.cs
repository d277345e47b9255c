namespace P2PDB.Primitives.Keys;

/// <summary>A private key held by a native library's means; disposing erases it.</summary>
internal interface IEd25519Signer : IDisposable
{
    /// <summary>Writes the 64 bytes of the signature of <paramref name="message"/>.</summary>
    public void Sign(ReadOnlySpan<byte> message, Span<byte> signature);
}
