using System.Text;
using System.Text.Json;

namespace P2PDB.Primitives.Tests.Hashing;

/// <summary>BLAKE3's official test vectors.</summary>
internal static class Blake3VectorFile
{
    public static byte[] Key { get; }

    public static byte[] Context { get; }

    public static IReadOnlyList<Blake3Vector> Vectors { get; }

    static Blake3VectorFile()
    {
        using Stream stream = typeof(Blake3VectorFile).Assembly.GetManifestResourceStream("blake3_test_vectors.json")!;
        using JsonDocument document = JsonDocument.Parse(stream);
        JsonElement root = document.RootElement;
        Key = Encoding.UTF8.GetBytes(root.GetProperty("key").GetString()!);
        Context = Encoding.UTF8.GetBytes(root.GetProperty("context_string").GetString()!);
        Vectors =
        [
            .. root.GetProperty("cases").EnumerateArray().Select(entry => new Blake3Vector(
                entry.GetProperty("input_len").GetInt32(), Bytes(entry, "hash"), Bytes(entry, "keyed_hash"),
                Bytes(entry, "derive_key"))),
        ];
    }

    /// <summary>The repeating sequence of 251 bytes that all vectors hash.</summary>
    public static byte[] Input(int length) => [.. Enumerable.Range(0, length).Select(i => (byte)(i % 251))];

    private static byte[] Bytes(JsonElement entry, string name) =>
        Convert.FromHexString(entry.GetProperty(name).GetString()!);
}

/// <summary>One input length and its three extended outputs.</summary>
internal sealed record Blake3Vector(int InputLength, byte[] Hash, byte[] KeyedHash, byte[] DerivedKey);
