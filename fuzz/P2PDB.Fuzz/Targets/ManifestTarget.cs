using System.Buffers.Binary;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Fuzz.Targets;

/// <summary>Input: a file of databases. What opens is saved as the same bytes; everything else is named as damage.</summary>
internal sealed class ManifestTarget : IFuzzTarget
{
    private const string FilePath = "databases.manifest";
    private const int EntriesOffset = 12;
    private static readonly DatabaseId Added = new(Blake3.Hash("added"u8));

    public string Name => "manifest";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Log/DatabaseManifest.cs"];

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return Save();
            yield return Save("a");
            yield return Save("Alpha", "beta", "döner", "zeta");
        }
    }

    public int Repair(Span<byte> buffer, int length)
    {
        if (length < EntriesOffset + sizeof(uint))
            return length;
        "P2PDBMAN"u8.CopyTo(buffer);
        int end = length - sizeof(uint);
        int count = 0;
        for (int offset = EntriesOffset; end - offset >= 34; count++)
        {
            int left = end - offset - 34;
            int stated = BinaryPrimitives.ReadUInt16LittleEndian(buffer[(offset + 32)..]);
            int nameLength = stated > left || left - stated is > 0 and < 34 ? left : stated;
            BinaryPrimitives.WriteUInt16LittleEndian(buffer[(offset + 32)..], (ushort)nameLength);
            offset += 34 + nameLength;
        }

        BinaryPrimitives.WriteInt32LittleEndian(buffer[8..], count);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[end..], Crc32C.Compute(buffer[..end]));
        return length;
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        using var volume = new MemoryVolume(new Random(1));
        volume.Replace(FilePath, input);
        DatabaseManifest manifest;
        try
        {
            probe.BeginDecoding();
            manifest = DatabaseManifest.Open(volume);
            probe.EndDecoding();
        }
        catch (CorruptionException)
        {
            return false;
        }

        probe.Reached(manifest.Databases.Count);
        foreach ((string name, DatabaseId id) in manifest.Databases)
            FuzzLaw.Require(manifest.TryFind(name, out DatabaseId found) && found == id && manifest.NameOf(id) == name, "names and ids belong together");

        // It saves itself when it changes, so it is changed there and back.
        if (manifest.TryAdd("\u0001", Added))
        {
            manifest.Remove(Added);
            FuzzLaw.RequireSame(input, volume.TryReadAll(FilePath), "saved as opened");
        }

        return true;
    }

    private static byte[] Save(params string[] names)
    {
        using var volume = new MemoryVolume(new Random(1));
        DatabaseManifest manifest = DatabaseManifest.Open(volume);
        manifest.TryAdd("\u0001", Added);
        foreach (string name in names)
            manifest.TryAdd(name, new DatabaseId(Blake3.Hash(System.Text.Encoding.UTF8.GetBytes(name))));
        manifest.Remove(Added);
        return volume.TryReadAll(FilePath)!;
    }
}
