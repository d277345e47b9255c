using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Tests.Storage.Devices;

public sealed class FileVolumeTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("p2pdb-test-").FullName;

    [Fact]
    public void A_file_is_written_read_replaced_and_removed()
    {
        using var volume = new FileVolume(_directory);
        volume.CreateDirectory("a/b");
        using (StorageFile file = volume.Open("a/b/file", StorageOpening.CreateEmpty))
            file.FillWithZeros(0, 3_000_000);

        using (StorageFile file = volume.Open("a/b/file", StorageOpening.Existing, writeThrough: true))
        {
            var block = new BlockBuffer(StorageFile.BlockLength);   // write-through takes whole blocks only
            "hello"u8.CopyTo(block.Span);
            file.Write(4096, block.Span);
        }

        using (StorageFile file = volume.Open("a/b/file", StorageOpening.Existing))
        {
            byte[] read = new byte[7];
            Assert.Equal(7, file.Read(4095, read));
            Assert.Equal("\0hello\0"u8.ToArray(), read);
            Assert.Equal(3_000_000, file.Length);
        }

        volume.Replace("a/b/file", "new"u8);
        Assert.Equal("new"u8.ToArray(), volume.TryReadAll("a/b/file"));
        Assert.Equal(["file"], volume.List("a/b"));
        Assert.Equal(["b"], volume.ListDirectories("a"));
        volume.DeleteDirectory("a");
        Assert.Empty(volume.List("a/b"));
        Assert.Throws<FileNotFoundException>(() => volume.Open("a/b/file", StorageOpening.Existing));
    }

    [Fact]
    public void Only_one_volume_has_the_lock()
    {
        using var first = new FileVolume(_directory);
        using var second = new FileVolume(_directory);

        Assert.True(first.TryLock());
        Assert.False(second.TryLock());
        first.Dispose();
        Assert.True(second.TryLock());
    }

    [Fact]
    public void A_copy_of_a_file_has_another_identity_and_a_rename_keeps_it()
    {
        using var volume = new FileVolume(_directory);
        volume.Replace("file", "x"u8);
        FileIdentity identity = volume.IdentityOf("file");
        File.Copy(Path.Combine(_directory, "file"), Path.Combine(_directory, "copy"));

        Assert.NotEqual(identity, volume.IdentityOf("copy"));
        volume.Rename("file", "other");
        Assert.Equal(identity, volume.IdentityOf("other"));
    }

    [Fact]
    public void A_journal_works_on_the_disk()
    {
        using var volume = new FileVolume(_directory);
        var options = new JournalOptions { SegmentLength = 64 * 1024 };
        using (Journal journal = Journal.Open(volume, options, (ReadOnlySpan<byte> _, long _, in JournalSegment _) => { }))
        {
            for (int i = 0; i < 40; i++)
                journal.Append(new byte[i * 100], (FlushMode)(i % 3));
            journal.Sync();
        }

        int count = 0;
        using Journal again = Journal.Open(volume, options, (ReadOnlySpan<byte> record, long _, in JournalSegment _) =>
            Assert.Equal(100 * count++, record.Length));
        Assert.Equal(40, count);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
