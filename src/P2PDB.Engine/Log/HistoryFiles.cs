using System.Globalization;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Log;

/// <summary>
/// The history of one database: immutable files in the order they were written. Each holds what came since the one before, by
/// (author, seq). Read by one thread at a time; a file is added by one thread while another reads.
/// </summary>
internal sealed class HistoryFiles : IDisposable
{
    private const string Suffix = ".hist";
    private const string IndexSuffix = ".hidx";
    private const string TemporarySuffix = ".new";

    /// <summary>Raw blocks kept: reading in the total order goes through as many chains at once.</summary>
    private const int CachedBlockCount = 64;

    /// <summary>Raw bytes of blocks kept, about: those of long entries are long.</summary>
    private const int CachedLength = 16 * 1024 * 1024;

    private readonly StorageVolume _volume;
    private readonly string _directory;
    private readonly DatabaseId _database;
    private readonly Lock _gate = new();
    private readonly List<HistoryFile> _files = [];
    private readonly Dictionary<(int File, int Block), ByteWriter> _blocks = [];
    private readonly Queue<(int File, int Block)> _blockOrder = new();
    private long _cachedLength;

    private HistoryFiles(StorageVolume volume, string directory, in DatabaseId database)
    {
        _volume = volume;
        _directory = directory;
        _database = database;
        IndexPages = new HistoryIndexPages(volume, IndexPathOf);
    }

    /// <summary>Gives the bytes of an entry to a history file.</summary>
    public delegate void EntrySource(EntryPosition position, ByteWriter target);

    private string TemporaryPath => PathOf(_files.Count) + TemporarySuffix;

    /// <summary>Reads entries from the indexes.</summary>
    public HistoryIndexPages IndexPages { get; }

    /// <summary>Files so far.</summary>
    public int FileCount => _files.Count;

    /// <summary>The directory of a database's history.</summary>
    public static string DirectoryOf(in DatabaseId database) => $"databases/{database}/history";

    /// <summary>Opens the history of a database; creates its directory.</summary>
    public static HistoryFiles Open(StorageVolume volume, in DatabaseId database)
    {
        string directory = DirectoryOf(database);
        volume.CreateDirectory(directory);
        var files = new HistoryFiles(volume, directory, database);
        foreach (string name in volume.List(directory))
        {
            if (name.EndsWith(TemporarySuffix, StringComparison.Ordinal))
                volume.Delete($"{directory}/{name}");
        }

        for (int number = 0; volume.Exists(files.PathOf(number)); number++)
            files._files.Add(HistoryFile.Open(volume, files.PathOf(number), database, (ulong)number));
        foreach (string name in volume.List(directory))
        {
            if (string.CompareOrdinal(name, files.IndexPathOf(files.FileCount)[(directory.Length + 1)..]) >= 0)
                throw new CorruptionException(files.PathOf(files.FileCount), 0, "the file is missing");
        }

        return files;
    }

    /// <summary>The file at an index.</summary>
    public HistoryFile FileAt(int index) => _files[index];

    /// <summary>Path of the file at an index.</summary>
    public string PathOf(int index) => $"{_directory}/{index.ToString("x8", CultureInfo.InvariantCulture)}{Suffix}";

    /// <summary>
    /// Writes one more file with the entries at <paramref name="positions"/>, and to <paramref name="places"/> where each lies;
    /// durable on return.
    /// </summary>
    public void Add(ReadOnlySpan<EntryPosition> positions, Span<EntryPlace> places, EntrySource source)
    {
        using HistoryAddition addition = BeginAddition();
        using var entry = new ByteWriter();
        for (int i = 0; i < places.Length; i++)
        {
            entry.Clear();
            source(positions[i], entry);
            places[i] = addition.Add(entry.Written);
        }

        addition.Keep();
    }

    /// <summary>Begins one more file, whose entries come one by one; no other may be begun before it is kept or disposed.</summary>
    public HistoryAddition BeginAddition() =>
        new(this, new HistoryFileWriter(_volume, TemporaryPath, _database, (ulong)_files.Count), _files.Count);

    /// <summary>For an addition that is written and synced: the file gets its name, durably, and is there to be read.</summary>
    public void Keep(int number)
    {
        string path = PathOf(number);
        _volume.Rename(TemporaryPath, path);
        try
        {
            _volume.SyncDirectory(_directory);
        }
        catch (DiskFullException failure)
        {
            throw new IOException($"{path} has its name, and may lose it with the power.", failure);
        }

        var file = HistoryFile.Open(_volume, path, _database, (ulong)number);
        lock (_gate)
        {
            _files.Add(file);
        }
    }

    /// <summary>For an addition that is not kept.</summary>
    public void Discard() => _volume.Delete(TemporaryPath);

    /// <summary>Begins the index of a file that is there.</summary>
    public HistoryIndexWriter BeginIndex(int number) => new(_volume, IndexPathOf(number), IndexPathOf(number) + TemporarySuffix);

    /// <summary>Writes the header of a file's index.</summary>
    public void WriteIndexHeader(int number, int runCount, int headCount, Span<byte> target) =>
        HistoryIndexFormat.WriteHeader(_database, (ulong)number, FileAt(number).Check, runCount, headCount, target);

    /// <summary>The bytes of a file's index; null where it has none that is whole and this file's.</summary>
    public NativeArray<byte>? ReadIndex(int number, out HistoryIndexReader reader)
    {
        reader = default;
        if (TryReadWhole(IndexPathOf(number)) is not { } bytes)
            return null;
        if (HistoryIndexReader.TryBegin(bytes.Span, _database, (ulong)number, FileAt(number).Check, out reader))
            return bytes;
        bytes.Dispose();
        return null;
    }

    /// <summary>The bytes of a file; null where there is none, and where it cannot be read: history says the same.</summary>
    private NativeArray<byte>? TryReadWhole(string path)
    {
        if (!_volume.Exists(path))
            return null;
        NativeArray<byte>? bytes = null;
        try
        {
            using StorageFile file = _volume.Open(path, StorageOpening.Existing);
            if (file.Length > int.MaxValue)
                return null;
            bytes = new NativeArray<byte>((int)file.Length);
            file.Read(0, bytes.Span);
            return bytes;
        }
        catch (IOException)
        {
            bytes?.Dispose();
            return null;
        }
    }

    /// <summary>The bytes of an entry; valid until the next read.</summary>
    public ReadOnlySpan<byte> Read(in EntryPlace place)
    {
        if (!_blocks.TryGetValue((place.File, place.Block), out ByteWriter? block))
            block = LoadBlock(place.File, place.Block);
        return block.Written.Slice(place.Offset, place.Length);
    }

    /// <summary>Lets go of the blocks that are kept: nobody reads through the whole history any more.</summary>
    public void ForgetBlocks()
    {
        foreach (ByteWriter block in _blocks.Values)
            block.Dispose();
        _blocks.Clear();
        _blockOrder.Clear();
        _cachedLength = 0;
    }

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (HistoryFile file in _files)
            file.Dispose();
        IndexPages.Dispose();
        ForgetBlocks();
    }

    private string IndexPathOf(int number) => Path.ChangeExtension(PathOf(number), IndexSuffix);

    private ByteWriter LoadBlock(int fileIndex, int blockIndex)
    {
        HistoryFile file;
        lock (_gate)
        {
            file = _files[fileIndex];
        }

        int length = file.BlockAt(blockIndex).RawLength;
        while (_blockOrder.Count >= CachedBlockCount || (_blockOrder.Count > 0 && _cachedLength + length > CachedLength))
        {
            _blocks.Remove(_blockOrder.Dequeue(), out ByteWriter? oldest);
            _cachedLength -= oldest!.Length;
            oldest.Dispose();
        }

        var block = new ByteWriter(length);
        try
        {
            file.ReadBlock(blockIndex, block);
        }
        catch
        {
            block.Dispose();
            throw;
        }

        _blocks[(fileIndex, blockIndex)] = block;
        _blockOrder.Enqueue((fileIndex, blockIndex));
        _cachedLength += length;
        return block;
    }
}
