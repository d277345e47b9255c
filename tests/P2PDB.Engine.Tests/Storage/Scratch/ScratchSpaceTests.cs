using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Scratch;

namespace P2PDB.Engine.Tests.Storage.Scratch;

public sealed class ScratchSpaceTests : IDisposable
{
    private readonly MemoryVolume _volume = new(new Random(1));

    public void Dispose() => _volume.Dispose();

    [Fact]
    public void What_was_appended_is_read_at_any_place()
    {
        using ScratchFile file = new ScratchSpace(_volume).Open();
        Assert.Equal(0, file.Append([1, 2, 3]));
        Assert.Equal(3, file.Append([4, 5]));
        byte[] middle = new byte[3];
        file.Read(1, middle);
        Assert.Equal([2, 3, 4], middle);
    }

    [Fact]
    public void After_a_truncation_the_rest_is_gone_and_the_next_bytes_take_its_place()
    {
        var space = new ScratchSpace(_volume);
        using ScratchFile file = space.Open();
        file.Append([1, 2, 3, 4]);
        file.Truncate(1);
        Assert.Equal(1, space.Length);
        Assert.Throws<EndOfStreamException>(() => file.Read(0, new byte[2]));
        Assert.Equal(1, file.Append([9]));
        byte[] all = new byte[2];
        file.Read(0, all);
        Assert.Equal([1, 9], all);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Truncate(3));
    }

    [Fact]
    public void A_file_is_gone_once_it_is_disposed_of()
    {
        var space = new ScratchSpace(_volume);
        ScratchFile file = space.Open();
        file.Append(new byte[100]);
        Assert.Equal((1, 100L), (space.FileCount, space.Length));
        Assert.Single(_volume.List("scratch"));
        file.Dispose();
        file.Dispose();
        Assert.Equal((0, 0L, 1L), (space.FileCount, space.Length, space.OpenedCount));
        Assert.Empty(_volume.List("scratch"));
    }

    [Fact]
    public void What_a_killed_process_left_is_removed_at_the_next_start()
    {
        var space = new ScratchSpace(_volume);
        space.Open().Append([1]);
        _volume.Kill();
        _volume.Restart();
        var next = new ScratchSpace(_volume);
        Assert.Empty(_volume.List("scratch"));
        using ScratchFile file = next.Open();
        Assert.Equal(0, file.Length);
    }

    [Fact]
    public void A_full_disk_is_told_and_what_was_written_stays()
    {
        var space = new ScratchSpace(_volume);
        using ScratchFile file = space.Open();
        file.Append([1, 2]);
        _volume.LimitGrowth(0);
        Assert.Throws<DiskFullException>(() => file.Append([3]));
        Assert.Equal(2, file.Length);
        _volume.LimitGrowth(null);
        Assert.Equal(2, file.Append([3]));
    }
}
