using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Storage.Faster;

/// <summary>A snapshot of FASTER's index in a file of its own, and what a checkpoint token keeps of it.</summary>
/// <param name="Token">FASTER's name of it, part of the file's name.</param>
/// <param name="Address">End of the log when it was taken: recovery reads the log from there.</param>
/// <param name="Length">Length of the file.</param>
/// <param name="Checksum">CRC-32C of the file.</param>
/// <param name="Metadata">FASTER's own words about it.</param>
internal sealed record IndexSnapshot(Guid Token, long Address, long Length, uint Checksum, byte[] Metadata)
{
    private const string Prefix = "index-";

    /// <summary>Name of the file.</summary>
    public string FileName => Prefix + Token.ToString("N");

    /// <summary>True for a name that a snapshot can have.</summary>
    public static bool IsFileName(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Writes a snapshot, durably.</summary>
    public static IndexSnapshot Write(
        StorageVolume volume, string directory, Guid token, long address, ReadOnlySpan<byte> bytes, byte[] metadata)
    {
        var snapshot = new IndexSnapshot(token, address, bytes.Length, Crc32C.Compute(bytes), metadata);
        using (StorageFile file = volume.Open($"{directory}/{snapshot.FileName}", StorageOpening.CreateEmpty))
        {
            for (int offset = 0; offset < bytes.Length; offset += StorageFile.SyncLength)
            {
                file.Write(offset, bytes.Slice(offset, Math.Min(StorageFile.SyncLength, bytes.Length - offset)));
                file.Sync();
            }
        }

        volume.SyncDirectory(directory);
        return snapshot;
    }

    /// <summary>Reads the file; a damaged one is a <see cref="CorruptionException"/>.</summary>
    public byte[] Read(StorageVolume volume, string directory)
    {
        string path = $"{directory}/{FileName}";
        byte[] bytes = volume.TryReadAll(path) ?? throw new CorruptionException(path, 0, "the file is missing");
        if (bytes.Length != Length || Crc32C.Compute(bytes) != Checksum)
            throw new CorruptionException(path, 0, "the index does not have its checksum");
        return bytes;
    }
}
