using System.Security.Cryptography;

namespace P2PDB.Primitives.Keys;

/// <summary>Ed25519 and X25519 by OpenSSL 3's libcrypto.</summary>
internal sealed class LibcryptoProvider : ICryptographyProvider
{
    private const nuint VersionMin = 0x3000_0000;

    private LibcryptoProvider(string version) => Name = version;

    public string Name { get; }

    /// <summary>The provider, or null where the library is missing or older than 3.0.</summary>
    public static LibcryptoProvider? TryLoad()
    {
        try
        {
            return LibcryptoNative.VersionNumber() < VersionMin ? null : new LibcryptoProvider(LibcryptoNative.Version());
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            return null;
        }
    }

    public IEd25519Signer CreateSigner(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        nint key = LibcryptoNative.NewPrivateKey(LibcryptoNative.KeyTypeEd25519, 0, seed, (nuint)seed.Length);
        Require(key != 0, "EVP_PKEY_new_raw_private_key");
        var handle = new EvpKeyHandle(key);
        CopyPublicKey(key, publicKey);
        return new Signer(handle);
    }

    public bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        nint key = LibcryptoNative.NewPublicKey(LibcryptoNative.KeyTypeEd25519, 0, publicKey, (nuint)publicKey.Length);
        nint context = LibcryptoNative.NewDigestContext();
        try
        {
            Require(key != 0 && context != 0, "EVP_PKEY_new_raw_public_key");
            Require(LibcryptoNative.BeginVerify(context, 0, 0, 0, key) == 1, "EVP_DigestVerifyInit");
            bool isValid = LibcryptoNative.Verify(
                context, signature, (nuint)signature.Length, message, (nuint)message.Length) == 1;
            if (!isValid)
                LibcryptoNative.ClearErrors();   // The queue is per thread and shared with .NET's own use of OpenSSL.
            return isValid;
        }
        finally
        {
            LibcryptoNative.FreeDigestContext(context);
            LibcryptoNative.FreeKey(key);
        }
    }

    public void DerivePublicKey(ReadOnlySpan<byte> privateKey, Span<byte> publicKey)
    {
        nint key = LibcryptoNative.NewPrivateKey(
            LibcryptoNative.KeyTypeX25519, 0, privateKey, (nuint)privateKey.Length);
        try
        {
            Require(key != 0, "EVP_PKEY_new_raw_private_key");
            CopyPublicKey(key, publicKey);
        }
        finally
        {
            LibcryptoNative.FreeKey(key);
        }
    }

    public bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, Span<byte> sharedSecret)
    {
        nint key = LibcryptoNative.NewPrivateKey(
            LibcryptoNative.KeyTypeX25519, 0, privateKey, (nuint)privateKey.Length);
        nint peer = LibcryptoNative.NewPublicKey(LibcryptoNative.KeyTypeX25519, 0, publicKey, (nuint)publicKey.Length);
        nint context = key == 0 ? 0 : LibcryptoNative.NewKeyContext(key, 0);
        try
        {
            Require(peer != 0 && context != 0 && LibcryptoNative.BeginDerive(context) == 1, "EVP_PKEY_derive_init");
            nuint length = (nuint)sharedSecret.Length;
            bool agreed = LibcryptoNative.SetPeer(context, peer) == 1
                && LibcryptoNative.Derive(context, sharedSecret, ref length) == 1;
            if (!agreed)
                LibcryptoNative.ClearErrors();
            return agreed;
        }
        finally
        {
            LibcryptoNative.FreeKeyContext(context);
            LibcryptoNative.FreeKey(peer);
            LibcryptoNative.FreeKey(key);
        }
    }

    private static void CopyPublicKey(nint key, Span<byte> publicKey)
    {
        nuint length = (nuint)publicKey.Length;
        Require(LibcryptoNative.GetPublicKey(key, publicKey, ref length) == 1, "EVP_PKEY_get_raw_public_key");
    }

    /// <summary>What fails here is memory or the library itself (a FIPS mode without these curves), never data.</summary>
    private static void Require(bool succeeded, string function)
    {
        if (succeeded)
            return;
        LibcryptoNative.ClearErrors();
        throw new CryptographicException($"libcrypto: {function} failed.");
    }

    private sealed class Signer(EvpKeyHandle key) : IEd25519Signer
    {
        public void Sign(ReadOnlySpan<byte> message, Span<byte> signature)
        {
            nint context = LibcryptoNative.NewDigestContext();
            try
            {
                Require(
                    context != 0 && LibcryptoNative.BeginSign(context, 0, 0, 0, key) == 1, "EVP_DigestSignInit");
                nuint length = (nuint)signature.Length;
                Require(
                    LibcryptoNative.Sign(context, signature, ref length, message, (nuint)message.Length) == 1,
                    "EVP_DigestSign");
            }
            finally
            {
                LibcryptoNative.FreeDigestContext(context);
            }
        }

        public void Dispose() => key.Dispose();
    }
}
