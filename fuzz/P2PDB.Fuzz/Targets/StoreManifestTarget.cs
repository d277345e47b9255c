using System.Buffers.Binary;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Pages;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Fuzz.Targets;

/// <summary>Input: the manifest of a page store. What is read is written as the same bytes; everything else is named as damage.</summary>
internal sealed class StoreManifestTarget : IFuzzTarget
{
    public string Name => "store-manifest";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Storage/Pages/StoreManifest.cs"];

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return new StoreManifest { CommitNumber = 1, Next = 2, Token = [], Owner = [], Trees = [], Unused = [] }.ToBytes();
            yield return new StoreManifest
            {
                CommitNumber = 77,
                Next = 1000,
                Token = [1, 2, 3],
                Owner = [4, 5],
                Trees = [new StoredTree(new TreeId(1), 5, true, false, 9), new StoredTree(new TreeId(40), 6, false, true, 1 << 20)],
                Unused = [3, 8, 999],
            }.ToBytes();
        }
    }

    public int Repair(Span<byte> buffer, int length)
    {
        if (length < sizeof(ulong))
            return length;
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[4..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer, Crc32C.Compute(buffer[4..length]));
        return length;
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        StoreManifest manifest;
        try
        {
            probe.BeginDecoding();
            manifest = StoreManifest.Read(input, "manifest");
            probe.EndDecoding();
        }
        catch (CorruptionException)
        {
            return false;
        }

        probe.Reached(manifest.Trees.Count + (manifest.Unused.Count * 64));
        FuzzLaw.RequireSame(input, manifest.ToBytes(), "written as read");
        return true;
    }
}
