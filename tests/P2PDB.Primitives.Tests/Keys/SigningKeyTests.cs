using P2PDB.Primitives.Keys;

namespace P2PDB.Primitives.Tests.Keys;

public class SigningKeyTests
{
    public static TheoryData<string> Providers => CryptographyProviders.Names;

    [Fact]
    public void Generated_keys_differ_and_sign()
    {
        using SigningKey key = SigningKey.Generate();
        using SigningKey other = SigningKey.Generate();
        byte[] signature = new byte[64];
        key.Sign("message"u8, signature);

        Assert.NotEqual(key.PublicKey, other.PublicKey);
        Assert.True(Ed25519.Verify(key.PublicKey, "message"u8, signature));
        Assert.False(Ed25519.Verify(other.PublicKey, "message"u8, signature));
        Assert.False(Ed25519.Verify(key.PublicKey, "massage"u8, signature));
    }

    [Theory, MemberData(nameof(Providers))]
    public void Disposed_key_refuses_to_sign(string provider)
    {
        SigningKey key = SigningKey.FromSeed(CryptographyProviders.Get(provider), new byte[32]);
        byte[] signature = new byte[64];
        key.Dispose();
        key.Dispose();

        Assert.Throws<ObjectDisposedException>(() => key.Sign([], signature));
    }

    [Fact]
    public void Wrong_lengths_are_refused()
    {
        using SigningKey key = SigningKey.FromSeed(new byte[32]);

        Assert.Throws<ArgumentException>(() => SigningKey.FromSeed(new byte[31]));
        Assert.Throws<ArgumentException>(() => key.Sign([], new byte[65]));
    }

    [Fact]
    public void Without_a_usable_library_the_error_says_what_to_install()
    {
        Assert.Null(Cryptography.Choose(() => null, () => null));
        Assert.Contains("Install libsodium", Cryptography.Missing().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Library_that_answers_wrongly_is_passed_over()
    {
        ICryptographyProvider? chosen = Cryptography.Choose(() => new YeaSayer(), SodiumProvider.TryLoad, LibcryptoProvider.TryLoad);

        Assert.NotNull(chosen);
        Assert.IsNotType<YeaSayer>(chosen);
    }

    /// <summary>Signs honestly and accepts every signature, as a library does whose equation has the cofactor.</summary>
    private sealed class YeaSayer : ICryptographyProvider
    {
        public string Name => "yea-sayer";

        public IEd25519Signer CreateSigner(ReadOnlySpan<byte> seed, Span<byte> publicKey) =>
            Cryptography.Chosen.CreateSigner(seed, publicKey);

        public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => true;

        public void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey) => publicKey.Clear();

        public bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret) =>
            false;
    }
}
