using System.Reflection;
using System.Runtime.InteropServices;

namespace P2PDB.Primitives.Keys;

/// <summary>Finds native libraries under the names that each operating system and package source gives them.</summary>
internal static class NativeLibraries
{
    public const string Sodium = "sodium";
    public const string Crypto = "crypto";

    private static readonly Lock Gate = new();
    private static bool _isResolverSet;

    /// <summary>Makes <see cref="Sodium"/> and <see cref="Crypto"/> findable; later calls do nothing.</summary>
    public static void UseResolver()
    {
        lock (Gate)
        {
            if (_isResolverSet)
                return;
            NativeLibrary.SetDllImportResolver(typeof(NativeLibraries).Assembly, Resolve);
            _isResolverSet = true;
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        foreach (string candidate in Candidates(name))
        {
            if (NativeLibrary.TryLoad(candidate, assembly, searchPath, out nint handle))
                return handle;
        }

        return 0;
    }

    private static ReadOnlySpan<string> Candidates(string name) => name switch
    {
        Sodium when OperatingSystem.IsWindows() => (string[])["libsodium.dll", "sodium.dll"],
        Sodium when OperatingSystem.IsMacOS() => (string[])
            ["libsodium.dylib", "/opt/homebrew/lib/libsodium.dylib", "/usr/local/lib/libsodium.dylib"],
        Sodium => (string[])["libsodium.so.26", "libsodium.so.23", "libsodium.so"],
        Crypto when OperatingSystem.IsWindows() => (string[])
            ["libcrypto-3-x64.dll", "libcrypto-3-arm64.dll", "libcrypto-3.dll"],
        Crypto when OperatingSystem.IsMacOS() => (string[])
        [
            "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib", "/usr/local/opt/openssl@3/lib/libcrypto.3.dylib",
            "libcrypto.3.dylib",
        ],
        Crypto => (string[])["libcrypto.so.3", "libcrypto.so"],
        _ => (string[])[],
    };
}
