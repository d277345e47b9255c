namespace P2PDB.Engine.Storage.Devices;

/// <summary>Bytes on the disk are not those that were written. The database closes: it never guesses.</summary>
internal sealed class CorruptionException(string path, long offset, string what)
    : Exception($"{path} is damaged at byte {offset}: {what}.")
{
    /// <summary>The damaged file.</summary>
    public string Path { get; } = path;

    /// <summary>Position of the first bad byte's frame or block in the file.</summary>
    public long Offset { get; } = offset;
}
