using System.Runtime.InteropServices;

namespace P2PDB.Primitives.Keys;

/// <summary>The functions of libsodium that are used. All buffers have the lengths that libsodium's manual gives.</summary>
internal static partial class SodiumNative
{
    static SodiumNative() => NativeLibraries.UseResolver();

    public static string Version() => Marshal.PtrToStringUTF8(VersionString()) ?? "?";

    [LibraryImport(NativeLibraries.Sodium, EntryPoint = "sodium_init")]
    public static partial int Initialize();

    [LibraryImport(NativeLibraries.Sodium, EntryPoint = "crypto_sign_ed25519_seed_keypair")]
    public static partial int SeedKeyPair(Span<byte> publicKey, Span<byte> secretKey, ReadOnlySpan<byte> seed);

    [LibraryImport(NativeLibraries.Sodium, EntryPoint = "crypto_sign_ed25519_detached")]
    public static partial int SignDetached(
        Span<byte> signature, nint signatureLength, ReadOnlySpan<byte> message, ulong messageLength,
        ReadOnlySpan<byte> secretKey);

    [LibraryImport(NativeLibraries.Sodium, EntryPoint = "crypto_sign_ed25519_verify_detached")]
    public static partial int VerifyDetached(
        ReadOnlySpan<byte> signature, ReadOnlySpan<byte> message, ulong messageLength, ReadOnlySpan<byte> publicKey);

    [LibraryImport(NativeLibraries.Sodium, EntryPoint = "crypto_scalarmult_curve25519_base")]
    public static partial int ScalarMultBase(Span<byte> publicKey, ReadOnlySpan<byte> privateKey);

    [LibraryImport(NativeLibraries.Sodium, EntryPoint = "crypto_scalarmult_curve25519")]
    public static partial int ScalarMult(
        Span<byte> shared, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey);

    [LibraryImport(NativeLibraries.Sodium, EntryPoint = "sodium_version_string")]
    private static partial nint VersionString();
}
