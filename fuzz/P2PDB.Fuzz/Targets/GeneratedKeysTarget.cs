using System.Buffers.Binary;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Fuzz.Targets;

/// <summary>Input: the bytes of a file of reserved keys. What decodes is written again as the same bytes.</summary>
internal sealed class GeneratedKeysTarget : IFuzzTarget
{
    private static readonly string FilePath = $"databases/{default(DatabaseId)}/generated";

    public string Name => "generated-keys";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Log/GeneratedKeysFile.cs"];

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            foreach (int count in (int[])[0, 1, 20])
                yield return Encode(new(Enumerable.Range(0, count).ToDictionary(i => new TableId((UInt128)i), i => (ulong)i * 1000)));
        }
    }

    public int Repair(Span<byte> buffer, int length)
    {
        const int EntriesOffset = 12, EntryLength = 24;
        int count = (length - EntriesOffset - sizeof(uint)) / EntryLength;
        if (length < EntriesOffset + sizeof(uint))
            return length;
        int end = EntriesOffset + (count * EntryLength);
        "P2PDBGEN"u8.CopyTo(buffer);
        BinaryPrimitives.WriteInt32LittleEndian(buffer[8..], count);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer[end..], Crc32C.Compute(buffer[..end]));
        return end + sizeof(uint);
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        probe.BeginDecoding();
        bool isWhole = GeneratedKeysFile.TryDecode(input, out SortedDictionary<TableId, ulong> limits);
        probe.EndDecoding();
        FuzzLaw.Require(IsReadFromVolume(input) == isWhole, "a file is damaged, or is what its bytes decode to");
        if (!isWhole)
            return false;
        probe.Reached(Math.Min(limits.Count, 100));
        FuzzLaw.RequireSame(input, Encode(limits), "written as read");
        return true;
    }

    private static bool IsReadFromVolume(ReadOnlySpan<byte> input)
    {
        using var volume = new MemoryVolume(new Random(1));
        FuzzLaw.Require(GeneratedKeysFile.Read(volume, default).Count == 0, "where there is no file, nothing was given out");
        volume.CreateDirectory(Path.GetDirectoryName(FilePath)!);
        volume.Replace(FilePath, input);
        try
        {
            SortedDictionary<TableId, ulong> limits = GeneratedKeysFile.Read(volume, default);
            FuzzLaw.RequireSame(input, Encode(limits), "written as read from the volume");
            return true;
        }
        catch (CorruptionException damage)
        {
            FuzzLaw.Require(damage.Path == FilePath, "the damaged file is named");
            return false;
        }
    }

    private static byte[] Encode(SortedDictionary<TableId, ulong> limits)
    {
        using var volume = new MemoryVolume(new Random(1));
        GeneratedKeysFile.Write(volume, default, limits);
        return volume.TryReadAll(FilePath)!;
    }
}
