using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Tests.Log;

public class DatabaseManifestTests
{
    private const string FilePath = "databases.manifest";

    [Fact]
    public void Names_and_ids_come_back()
    {
        using MemoryVolume volume = VolumeWith((Id(1), "alpha"u8.ToArray()), (Id(2), "Beta"u8.ToArray()));

        DatabaseManifest manifest = DatabaseManifest.Open(volume);

        Assert.Equal(["alpha", "Beta"], manifest.Databases.Select(database => database.Key));
        Assert.Equal("Beta", manifest.NameOf(Id(2)));
    }

    [Fact]
    public void Name_that_is_no_text_is_damage() => RequireDamage((Id(1), [0xFF]));

    [Fact]
    public void Names_out_of_order_are_damage() => RequireDamage((Id(1), "b"u8.ToArray()), (Id(2), "a"u8.ToArray()));

    [Fact]
    public void Names_that_differ_in_case_alone_are_damage() => RequireDamage((Id(1), "A"u8.ToArray()), (Id(2), "a"u8.ToArray()));

    [Fact]
    public void One_id_under_two_names_is_damage() => RequireDamage((Id(1), "a"u8.ToArray()), (Id(1), "b"u8.ToArray()));

    private static void RequireDamage(params (DatabaseId Id, byte[] Name)[] databases)
    {
        using MemoryVolume volume = VolumeWith(databases);

        Assert.Throws<CorruptionException>(() => DatabaseManifest.Open(volume));
    }

    private static DatabaseId Id(byte value) => new(Blake3.Hash([value]));

    private static MemoryVolume VolumeWith(params (DatabaseId Id, byte[] Name)[] databases)
    {
        using var bytes = new ByteWriter();
        bytes.Write("P2PDBMAN"u8);
        bytes.WriteUInt32((uint)databases.Length);
        foreach ((DatabaseId id, byte[] name) in databases)
        {
            bytes.Write(id.Hash.AsSpan());
            bytes.WriteUInt16((ushort)name.Length);
            bytes.Write(name);
        }

        bytes.WriteUInt32(Crc32C.Compute(bytes.Written));
        var volume = new MemoryVolume(new Random(1));
        volume.Replace(FilePath, bytes.Written);
        return volume;
    }
}
