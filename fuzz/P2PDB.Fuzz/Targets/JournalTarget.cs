using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: the bytes of one journal segment. It is read to a tail or named as damaged, nothing else; what was read is the start
/// of what was written, since altered frames never pass.
/// </summary>
internal sealed class JournalTarget : IFuzzTarget
{
    public string Name => "journal";

    public int InputLengthMax => 16 * 1024;

    public int AllocationSlack => 512 * 1024;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            foreach (int length in (int[])[0, 1, 100, 3000])
            {
                using var volume = new MemoryVolume(new Random(1));
                using (Journal journal = Journal.Open(volume, new JournalOptions { SegmentLength = 16 * 1024 }, Ignore))
                {
                    journal.Append(new byte[length], FlushMode.EachCommit);
                    journal.Append("another record"u8, FlushMode.WriteEachCommit);
                    journal.Append("and another"u8, FlushMode.EachCommit);
                }

                yield return volume.TryReadAll(JournalSegment.PathOf(1))!;
            }
        }
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        using var volume = new MemoryVolume(new Random(1));
        using (StorageFile file = volume.Open(JournalSegment.PathOf(1), StorageOpening.CreateEmpty))
            file.Write(0, input);
        int recordCount = 0;
        try
        {
            JournalTail tail = JournalReader.Read(volume,
                (ReadOnlySpan<byte> record, long _, in JournalSegment _) => recordCount++);
            probe.Reached((int)Math.Min(tail.FrameCount, 100));
            probe.Reached(tail.HasStrayFrames ? 200 : 201);
            FuzzLaw.Require(recordCount <= tail.FrameCount, "a record has a frame");
            return tail.FrameCount > 0;
        }
        catch (CorruptionException damage)
        {
            FuzzLaw.Require(damage.Offset >= 0 && damage.Offset <= input.Length, "damage lies in the file");
            probe.Reached(300);
            return false;
        }
    }

    private static void Ignore(ReadOnlySpan<byte> record, long position, in JournalSegment segment)
    {
    }
}
