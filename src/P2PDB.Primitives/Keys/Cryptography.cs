namespace P2PDB.Primitives.Keys;

/// <summary>Which native library does Ed25519 and X25519; chosen once, at the first use.</summary>
public static class Cryptography
{
    /// <summary>Name and version of the chosen library, for logs and SHOW STATUS.</summary>
    /// <exception cref="PlatformNotSupportedException">No usable library is installed.</exception>
    public static string Provider => Chosen.Name;

    /// <summary>The chosen library: libsodium, or OpenSSL's libcrypto where that is missing.</summary>
    internal static ICryptographyProvider Chosen => Choice.Provider ?? throw Missing();

    private static PlatformNotSupportedException Missing() => new(
        "Neither libsodium nor OpenSSL 3's libcrypto can be loaded; P2PDB needs one of them to sign and verify. "
        + "Install libsodium: 'apt install libsodium23' (Debian, Ubuntu), 'dnf install libsodium' (Fedora), "
        + "'apk add libsodium' (Alpine), 'brew install libsodium' (macOS), or libsodium.dll beside the program (Windows).");

    private static class Choice
    {
        public static readonly ICryptographyProvider? Provider = SodiumProvider.TryLoad();
    }
}
