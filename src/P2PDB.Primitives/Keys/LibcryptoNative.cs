using System.Runtime.InteropServices;

namespace P2PDB.Primitives.Keys;

/// <summary>The functions of OpenSSL 3's libcrypto that are used; 1 is success unless said otherwise.</summary>
internal static partial class LibcryptoNative
{
    /// <summary>NID_ED25519.</summary>
    public const int KeyTypeEd25519 = 1087;

    /// <summary>NID_X25519.</summary>
    public const int KeyTypeX25519 = 1034;

    static LibcryptoNative() => NativeLibraries.UseResolver();

    /// <summary>Such as "OpenSSL 3.0.2 15 Mar 2022".</summary>
    public static string Version() => Marshal.PtrToStringUTF8(VersionString(0)) ?? "?";

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OpenSSL_version_num")]
    public static partial nuint VersionNumber();

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "ERR_clear_error")]
    public static partial void ClearErrors();

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    public static partial nint NewPrivateKey(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    public static partial nint NewPublicKey(int type, nint engine, ReadOnlySpan<byte> key, nuint length);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    public static partial int GetPublicKey(nint key, Span<byte> publicKey, ref nuint length);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_PKEY_free")]
    public static partial void FreeKey(nint key);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_MD_CTX_new")]
    public static partial nint NewDigestContext();

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_MD_CTX_free")]
    public static partial void FreeDigestContext(nint context);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_DigestSignInit")]
    public static partial int BeginSign(nint context, nint keyContext, nint digest, nint engine, EvpKeyHandle key);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_DigestSign")]
    public static partial int Sign(
        nint context, Span<byte> signature, ref nuint signatureLength, ReadOnlySpan<byte> message, nuint messageLength);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_DigestVerifyInit")]
    public static partial int BeginVerify(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_DigestVerify")]
    public static partial int Verify(
        nint context, ReadOnlySpan<byte> signature, nuint signatureLength, ReadOnlySpan<byte> message,
        nuint messageLength);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_PKEY_CTX_new")]
    public static partial nint NewKeyContext(nint key, nint engine);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_PKEY_CTX_free")]
    public static partial void FreeKeyContext(nint context);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_PKEY_derive_init")]
    public static partial int BeginDerive(nint context);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_PKEY_derive_set_peer")]
    public static partial int SetPeer(nint context, nint peer);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "EVP_PKEY_derive")]
    public static partial int Derive(nint context, Span<byte> secret, ref nuint length);

    [LibraryImport(NativeLibraries.Crypto, EntryPoint = "OpenSSL_version")]
    private static partial nint VersionString(int which);
}
