using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Tests.Commit;

namespace P2PDB.Engine.Tests.Log;

public class LogVerifierTests
{
    [Fact]
    public void A_sound_log_verifies_and_is_counted()
    {
        using MemoryVolume volume = Written(out int entryCount);

        LogVerification found = LogVerifier.Run(volume, new TestClock());

        Assert.True(found.IsSound, found.Damage?.Message);
        Assert.Equal(entryCount, found.EntryCount);
        Assert.True(found.HistoryFileCount > 0);
        Assert.True(found.SegmentCount > 0);
    }

    [Fact]
    public void Any_flipped_byte_of_history_is_found_and_named()
    {
        using MemoryVolume volume = Written(out _);
        string directory = "databases/" + Assert.Single(volume.ListDirectories("databases")) + "/history";
        string path = directory + "/" + volume.List(directory).First(name => name.EndsWith(".hist", StringComparison.Ordinal));
        int length = volume.TryReadAll(path)!.Length;
        GoldenHeader(volume, path);
        var dice = new Random(1);
        for (int i = 0; i < 300; i++)
        {
            int offset = i < 64 ? i : i < 96 ? length - 1 - (i - 64) : dice.Next(length);
            volume.Corrupt(path, offset, 4);
            LogVerification found = LogVerifier.Run(volume, new TestClock());
            Assert.False(found.IsSound, $"byte {offset} of {length}");
            Assert.Equal(path, found.Damage!.Path);
            volume.Corrupt(path, offset, 4);
        }
    }

    private static void GoldenHeader(MemoryVolume volume, string path) =>
        GoldenBytes.Check("history-v1-header.hex", volume.TryReadAll(path)!.AsSpan(0, 64));

    private static MemoryVolume Written(out int entryCount)
    {
        var volume = new MemoryVolume(new Random(1));
        using var node = new TestNode(volume, 1);
        DatabaseId database = node.CreateDatabase().Id;
        for (int i = 0; i < 60; i++)
            node.Insert(database, i, 200);
        node.Loop.WriteHistory();
        for (int i = 60; i < 80; i++)
            node.Insert(database, i, 200);
        entryCount = node.Log.Find(database)!.EntryCount;
        return volume;
    }
}
