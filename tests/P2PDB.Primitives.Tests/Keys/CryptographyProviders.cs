using P2PDB.Primitives.Keys;

namespace P2PDB.Primitives.Tests.Keys;

/// <summary>The native libraries of this machine, by the names that tests show.</summary>
internal static class CryptographyProviders
{
    private static readonly Dictionary<string, ICryptographyProvider> Loaded = Load();

    public static TheoryData<string> Names => [.. Loaded.Keys];

    public static ICryptographyProvider Get(string name) => Loaded[name];

    private static Dictionary<string, ICryptographyProvider> Load()
    {
        Dictionary<string, ICryptographyProvider> loaded = [];
        if (SodiumProvider.TryLoad() is { } sodium)
            loaded["libsodium"] = sodium;
        if (LibcryptoProvider.TryLoad() is { } libcrypto)
            loaded["libcrypto"] = libcrypto;
        return loaded;
    }
}
