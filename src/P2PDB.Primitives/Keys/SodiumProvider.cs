using System.Security.Cryptography;

namespace P2PDB.Primitives.Keys;

/// <summary>Ed25519 and X25519 by libsodium.</summary>
internal sealed class SodiumProvider : ICryptographyProvider
{
    private SodiumProvider(string version) => Name = $"libsodium {version}";

    public string Name { get; }

    /// <summary>The provider, or null where the library is missing or too old.</summary>
    public static SodiumProvider? TryLoad()
    {
        try
        {
            // -1 is a failure; 1 says that somebody initialised it before.
            return SodiumNative.Initialize() < 0 ? null : new SodiumProvider(SodiumNative.Version());
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return null;
        }
    }

    public IEd25519Signer CreateSigner(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        var signer = new Signer();
        SodiumNative.SeedKeyPair(publicKey, signer.SecretKey, seed);
        return signer;
    }

    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) =>
        SodiumNative.VerifyDetached(signature, message, (ulong)message.Length, publicKey) == 0;

    public void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey) =>
        _ = SodiumNative.ScalarMultBase(publicKey, privateKey);

    public bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret) =>
        SodiumNative.ScalarMult(sharedSecret, privateKey, publicKey) == 0;

    private sealed class Signer : IEd25519Signer
    {
        // Pinned, so that the collector never leaves a copy of it behind.
        private readonly byte[] _secretKey = GC.AllocateArray<byte>(64, pinned: true);
        private bool _isDisposed;

        public Span<byte> SecretKey => _secretKey;

        public void Sign(ReadOnlySpan<byte> message, Span<byte> signature)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, typeof(SigningKey));
            SodiumNative.SignDetached(signature, IntPtr.Zero, message, (ulong)message.Length, _secretKey);
        }

        public void Dispose()
        {
            _isDisposed = true;
            CryptographicOperations.ZeroMemory(_secretKey);
        }
    }
}
