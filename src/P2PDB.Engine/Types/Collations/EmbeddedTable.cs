namespace P2PDB.Engine.Types.Collations;

// Frozen tables that are embedded in the assembly.
internal static class EmbeddedTable
{
    public static byte[] Read(string name)
    {
        using Stream stream = typeof(EmbeddedTable).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The embedded table {name} is missing.");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
