namespace P2PDB.Primitives.Keys;

/// <summary>Which native library does Ed25519 and X25519; chosen once, at the first use.</summary>
public static class Cryptography
{
    /// <summary>Name and version of the chosen library, for logs and SHOW STATUS.</summary>
    /// <exception cref="PlatformNotSupportedException">No usable library is installed.</exception>
    public static string Provider => Chosen.Name;

    /// <summary>The chosen library: libsodium, or OpenSSL's libcrypto where that is missing or fails its test.</summary>
    internal static ICryptographyProvider Chosen => Choice.Provider ?? throw Missing();

    /// <summary>The first of <paramref name="candidates"/> that is there and passes the self-test.</summary>
    internal static ICryptographyProvider? Choose(params ReadOnlySpan<Func<ICryptographyProvider?>> candidates)
    {
        foreach (Func<ICryptographyProvider?> load in candidates)
        {
            ICryptographyProvider? provider = load();
            if (provider is not null && ProviderTest.Passes(provider))
                return provider;
        }

        return null;
    }

    internal static PlatformNotSupportedException Missing() => new(
        "Neither libsodium nor OpenSSL 3's libcrypto can be loaded; P2PDB needs one of them to sign and verify. "
        + "Install libsodium: 'apt install libsodium23' (Debian, Ubuntu), 'dnf install libsodium' (Fedora), "
        + "'apk add libsodium' (Alpine), 'brew install libsodium' (macOS), or libsodium.dll beside the program (Windows).");

    /// <summary>Loads at first touch, so that a missing library is reported where it is needed.</summary>
    private static class Choice
    {
        public static readonly ICryptographyProvider? Provider = Choose(SodiumProvider.TryLoad, LibcryptoProvider.TryLoad);
    }
}
