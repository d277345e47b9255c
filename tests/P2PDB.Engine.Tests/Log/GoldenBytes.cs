using System.Runtime.CompilerServices;

namespace P2PDB.Engine.Tests.Log;

/// <summary>
/// Compares bytes with the hex dump in the golden folder beside this file. A format that changes is a new version with a file of
/// its own; to write a missing file, run the test once with P2PDB_WRITE_GOLDEN=1.
/// </summary>
internal static class GoldenBytes
{
    public static void Check(string name, ReadOnlySpan<byte> actual, [CallerFilePath] string source = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(source)!, "golden", name);
        string text = string.Join('\n', Convert.ToHexStringLower(actual).Chunk(64).Select(line => new string(line))) + "\n";
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("P2PDB_WRITE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }
}
