using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Log;

/// <summary>
/// Reads entries from the indexes of a database's history files, a group at once, and keeps the groups read last. Any thread may ask.
/// </summary>
internal sealed class HistoryIndexPages(StorageVolume volume, Func<int, string> pathOf) : IDisposable
{
    private const int GroupsKept = 64;

    private readonly Lock _gate = new();
    private readonly List<StorageFile?> _files = [];
    private readonly Group[] _groups = new Group[GroupsKept];
    private bool _isDisposed;

    /// <summary>The entry at an index of a run.</summary>
    public ChainEntry Read(in IndexedRun run, int index)
    {
        int number = index / HistoryIndexFormat.GroupCount;
        int first = number * HistoryIndexFormat.GroupCount;
        long offset = run.Offset + HistoryIndexFormat.OffsetOf(first);
        lock (_gate)
        {
            ref Group group = ref _groups[(uint)((run.File * 31) + (offset / HistoryIndexFormat.GroupLength(1))) % GroupsKept];
            if (group.Bytes is null || group.File != run.File || group.Offset != offset)
                Fill(ref group, run.File, offset, Math.Min(HistoryIndexFormat.GroupCount, run.Count - first));
            int place = (index - first) * HistoryIndexFormat.EntryLength;
            return HistoryIndexFormat.TryReadEntry(group.Bytes.AsSpan(place, HistoryIndexFormat.EntryLength), run.File, out ChainEntry entry)
                ? entry
                : throw new CorruptionException(pathOf(run.File), offset, "its entries are not what was written");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (StorageFile? file in _files)
                file?.Dispose();
            _isDisposed = true;
        }
    }

    private void Fill(ref Group group, int file, long offset, int count)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (_files.Count <= file)
            _files.Add(null);
        StorageFile source = _files[file] ??= volume.Open(pathOf(file), StorageOpening.Existing);
        byte[] bytes = group.Bytes ?? new byte[HistoryIndexFormat.GroupLength(HistoryIndexFormat.GroupCount)];
        group = default;
        Span<byte> read = bytes.AsSpan(0, HistoryIndexFormat.GroupLength(count));
        if (source.Read(offset, read) < read.Length || !HistoryIndexFormat.IsWhole(read))
            throw new CorruptionException(pathOf(file), offset, "its entries are not what was written");
        group = new Group { File = file, Offset = offset, Bytes = bytes };
    }

    private struct Group
    {
        public int File;
        public long Offset;
        public byte[]? Bytes;
    }
}
