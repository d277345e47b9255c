using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Fuzz.Targets;

/// <summary>Input: the bytes of a file of reserved keys. What decodes is written again as other bytes of the same meaning.</summary>
internal sealed class GeneratedKeysTarget : IFuzzTarget
{
    public string Name => "generated-keys";

    public int InputLengthMax => 4 * 1024;

    public int AllocationSlack => 64 * 1024;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            foreach (int count in (int[])[0, 1, 20])
                yield return Encode(new(Enumerable.Range(0, count).ToDictionary(i => new TableId((UInt128)i), i => (ulong)i * 1000)));
        }
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (!GeneratedKeysFile.TryDecode(input, out SortedDictionary<TableId, ulong> limits))
            return false;
        probe.Reached(Math.Min(limits.Count, 100));
        bool isRead = GeneratedKeysFile.TryDecode(Encode(limits), out SortedDictionary<TableId, ulong> again);
        FuzzLaw.Require(isRead && limits.SequenceEqual(again), "what was read is written as it was");
        return true;
    }

    private static byte[] Encode(SortedDictionary<TableId, ulong> limits)
    {
        using var volume = new MemoryVolume(new Random(1));
        GeneratedKeysFile.Write(volume, default, limits);
        return volume.TryReadAll($"databases/{default(DatabaseId)}/generated")!;
    }
}
