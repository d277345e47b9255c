using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Tests.Log;

public class HistoryFileTests
{
    private const string FilePath = "file";

    [Fact]
    public void Trailer_that_counts_other_entries_than_the_blocks_is_damage()
    {
        using var volume = new MemoryVolume(new Random(1));
        using (var writer = new HistoryFileWriter(volume, FilePath, default, 0))
            writer.Finish();
        byte[] file = volume.TryReadAll(FilePath)!;
        Span<byte> trailer = file.AsSpan(HistoryFormat.HeaderLength);
        HistoryFormat.WriteTrailer(HistoryFormat.HeaderLength, entryCount: 1, 0, Crc32C.Compute([]), trailer);
        volume.Replace(FilePath, file);

        var damage = Assert.Throws<CorruptionException>(() => HistoryFile.Open(volume, FilePath, default, 0));

        Assert.Equal(HistoryFormat.HeaderLength, damage.Offset);
    }
}
