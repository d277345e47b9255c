using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;
using P2PDB.Primitives.Time;

namespace P2PDB.Fuzz.Targets;

/// <summary>Input: the bytes of one history file. Its blocks are read, or it is named as damaged, nothing else.</summary>
internal sealed class HistoryTarget : IFuzzTarget, IDisposable
{
    private const string FilePath = "file";
    private readonly ByteWriter _block = new();

    public string Name => "history";

    public int InputLengthMax => 16 * 1024;

    public int AllocationSlack => 512 * 1024;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            foreach (int count in (int[])[0, 1, 5])
            {
                using var volume = new MemoryVolume(new Random(1));
                using (var writer = new HistoryFileWriter(volume, FilePath, default, 0))
                {
                    foreach (byte[] entry in Entries(count))
                        writer.Add(entry);
                    writer.Finish();
                }

                yield return volume.TryReadAll(FilePath)!;
            }
        }
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        using var volume = new MemoryVolume(new Random(1));
        using (StorageFile file = volume.Open(FilePath, StorageOpening.CreateEmpty))
            file.Write(0, input);
        try
        {
            using HistoryFile history = HistoryFile.Open(volume, FilePath, default, 0);
            probe.Reached(history.BlockCount);
            for (int i = 0; i < history.BlockCount; i++)
            {
                // A block may decompress to far more than it takes; what bounds it is the format.
                if (history.BlockAt(i).RawLength > input.Length * 4)
                    return true;
                history.ReadBlock(i, _block);
                FuzzLaw.Require(_block.Length == history.BlockAt(i).RawLength, "a block has the length that its index says");
            }

            return true;
        }
        catch (CorruptionException damage)
        {
            FuzzLaw.Require(damage.Offset >= 0 && damage.Offset <= input.Length, "damage lies in the file");
            probe.Reached(1000 + (damage.Offset == 0 ? 0 : damage.Offset == HistoryFormat.HeaderLength ? 1 : 2));
            return false;
        }
    }

    public void Dispose()
    {
        _block.Dispose();
    }

    private static List<byte[]> Entries(int count)
    {
        List<byte[]> entries = [];
        using SigningKey key = SigningKey.FromSeed(new byte[32]);
        var tip = new ChainTip();
        using var builder = new EntryBuilder();
        for (int i = 0; i < count; i++)
        {
            using var target = new ByteWriter();
            builder.Build(target, new DatabaseId(Blake3.Hash("d"u8)), key, tip, new HlcTimestamp((ulong)i + 1), [],
                EntryFlags.Merge, null);
            entries.Add(target.Written.ToArray());
        }

        return entries;
    }
}
