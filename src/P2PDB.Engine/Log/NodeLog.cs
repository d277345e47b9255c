using System.Collections.Immutable;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Keys;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Log;

/// <summary>
/// Everything of the log that one data directory holds: identity, manifest, journal, and the log of each database. Opening it
/// locks the volume and reads all that is held. The commit loop alone changes it.
/// </summary>
internal sealed class NodeLog : IDisposable
{
    private readonly Lock _gate = new();
    private readonly StorageVolume _volume;
    private readonly Dictionary<DatabaseId, DatabaseLog> _databases = [];
    private readonly Dictionary<EntryId, (DatabaseLog Log, EntryPosition Position)> _unsigned = [];
    private ImmutableArray<DatabaseLog> _list = [];

    private NodeLog(StorageVolume volume, NodeLogOptions options, NodeIdentity identity, DatabaseManifest manifest)
    {
        _volume = volume;
        Options = options;
        Identity = identity;
        Manifest = manifest;
        Clock = new HybridLogicalClock(options.TimeProvider);
    }

    /// <summary>What the log was opened with.</summary>
    public NodeLogOptions Options { get; }

    /// <summary>Where the node's files are.</summary>
    public StorageVolume Volume => _volume;

    /// <summary>The node's keys.</summary>
    public NodeIdentity Identity { get; }

    /// <summary>Local names of databases. Changed through this class.</summary>
    public DatabaseManifest Manifest { get; }

    /// <summary>The hybrid clock, later than every entry held.</summary>
    public HybridLogicalClock Clock { get; }

    /// <summary>The write-ahead log.</summary>
    public Journal Journal { get; private set; } = null!;

    /// <summary>The signatures that the journal lacks: those of its end when it was read, then those that the commit loop owes.</summary>
    public OwedSignatures Owed { get; } = new();

    /// <summary>The databases, as of now.</summary>
    public ImmutableArray<DatabaseLog> Databases
    {
        get
        {
            lock (_gate)
                return _list;
        }
    }

    /// <summary>Bytes of entries that history does not hold yet.</summary>
    public long TailLength
    {
        get
        {
            long length = 0;
            lock (_gate)
            {
                foreach (DatabaseLog database in _databases.Values)
                    length += database.TailLength;
            }

            return length;
        }
    }

    /// <summary>
    /// Opens the log of a volume: history files, then what the journal has beyond them. <see cref="IOException"/> when another
    /// process has the volume, <see cref="CorruptionException"/> on damage.
    /// </summary>
    public static NodeLog Open(StorageVolume volume, NodeLogOptions options)
    {
        if (!volume.TryLock())
            throw new IOException($"{volume.Name} is in use by another process: one node runs on a data directory at a time.");
        NodeIdentity identity = NodeIdentity.Open(volume, options.Random);
        var log = new NodeLog(volume, options, identity, DatabaseManifest.Open(volume));
        log.RemoveUnnamed();
        if (!log.TryRead(options.ReadMarks?.Invoke() ?? new Dictionary<DatabaseId, LogMark>()))
        {
            // A disk that lost what it had synced, or an old backup of the log alone: the rows are of entries that are gone.
            log.Close();
            log.TryRead(new Dictionary<DatabaseId, LogMark>());
        }

        if (!CleanEnd.TryTake(volume, identity, log.Databases))
            identity.BeginLife();
        foreach (DatabaseLog database in log.Databases)
        {
            database.OwnAuthor = identity.AuthorOf(database.Id).Author;
            database.Published.Publish();
            log.Clock.Observe(database.LatestHlc);
        }

        return log;
    }

    /// <summary>The log of a database, or null.</summary>
    public DatabaseLog? Find(in DatabaseId id)
    {
        lock (_gate)
        {
            return _databases.GetValueOrDefault(id);
        }
    }

    /// <summary>Follows a database under a local name, durably; null when the name or the database is there already.</summary>
    public DatabaseLog? Follow(string name, in DatabaseId id)
    {
        if (!Manifest.TryAdd(name, id))
            return null;
        DatabaseLog database = Find(id) ?? Add(id);
        database.OwnAuthor = Identity.AuthorOf(id).Author;
        return database;
    }

    /// <summary>
    /// As <see cref="Follow"/>, for a database of others, which may have been followed before and dropped: what the journal still has
    /// of that time is left out from now on.
    /// </summary>
    public DatabaseLog? FollowAnew(string name, in DatabaseId id)
    {
        if (Manifest.TryFind(name, out _) || Manifest.NameOf(id) is not null)
            return null;
        // A tail that a power loss takes away would let later records stand before the mark.
        Journal.Sync();
        FollowMark.Write(_volume, id, Journal.Position);
        return Follow(name, id);
    }

    /// <summary>Makes room in memory for a database that its genesis entry is about to create; <see cref="Follow"/> keeps it.</summary>
    public DatabaseLog Add(in DatabaseId id, LogMark? mark = null)
    {
        HistoryFiles history = HistoryFiles.Open(_volume, id);
        var database = new DatabaseLog(id, Options.TimeProvider, history, Options.Faults)
        {
            OwnNode = Identity.NodeKey.PublicKey,
            FollowedAt = FollowMark.Read(_volume, id),
        };
        if (mark is not null && mark.FollowedAt == database.FollowedAt)
            database.BeginAt(mark);
        HistoryLoader.Load(history, database);
        lock (_gate)
        {
            _databases.Add(id, database);
            _list = [.. _databases.Values];
        }

        return database;
    }

    /// <summary>Drops a database with its history and its author key; what the journal has of it is ignored.</summary>
    public void Drop(in DatabaseId id)
    {
        Manifest.Remove(id);
        DatabaseLog? database;
        lock (_gate)
        {
            _databases.Remove(id, out database);
            _list = [.. _databases.Values];
        }

        database?.Dispose();
        Identity.Forget(id);
        _volume.DeleteDirectory($"databases/{id}");
    }

    /// <summary>
    /// Writes what gathered to history and lets the journal's segments go. <paramref name="journalPosition"/> is where the journal
    /// stood when all before it was in the databases' logs.
    /// </summary>
    public void WriteHistory(long journalPosition)
    {
        foreach (DatabaseLog database in Databases)
            database.WriteHistory();
        Journal.Release(journalPosition);
    }

    /// <summary>
    /// Says, durably, that all is here: the next start goes on with the same author keys. Everything is synced before, and nothing
    /// is written after.
    /// </summary>
    public void End()
    {
        Identity.KeepLife();
        ImmutableArray<DatabaseLog> databases = Databases;
        foreach (DatabaseLog database in databases)
            Identity.Keep(database.Id);
        CleanEnd.Write(_volume, Identity, databases);
    }

    /// <summary>Closes everything, and lets go of the volume.</summary>
    public void Dispose()
    {
        Close();
        Identity.Dispose();
        _volume.Dispose();
    }

    /// <summary>
    /// Removes what a drop or a creation left that was cut off: who follows the database again must not find a part of it held
    /// already, which nobody would apply.
    /// </summary>
    private void RemoveUnnamed()
    {
        HashSet<string> named = [];
        foreach ((_, DatabaseId id) in Manifest.Databases)
            named.Add(id.ToString());
        foreach (string name in _volume.ListDirectories("databases"))
        {
            if (!named.Contains(name))
                _volume.DeleteDirectory($"databases/{name}");
        }
    }

    /// <summary>Reads history and journal; false where they lack something that a mark says was held.</summary>
    private bool TryRead(IReadOnlyDictionary<DatabaseId, LogMark> marks)
    {
        foreach ((_, DatabaseId id) in Manifest.Databases)
            Add(id, marks.GetValueOrDefault(id));
        ReadJournal();
        SignRest();
        bool areMarksMet = true;
        foreach (DatabaseLog database in Databases)
            areMarksMet &= database.TryMeetMark();
        return areMarksMet;
    }

    private void Close()
    {
        Journal?.Dispose();
        lock (_gate)
        {
            foreach (DatabaseLog database in _databases.Values)
                database.Dispose();
            _databases.Clear();
            _list = [];
        }
    }

    private void ReadJournal()
    {
        using var batch = new AppendBatch();
        var earlier = new OwedSignatures();
        Journal = Journal.Open(_volume, Options.Journal, (ReadOnlySpan<byte> record, long position, in JournalSegment segment) =>
        {
            if (!earlier.TryRead(record, out ReadOnlySpan<byte> rest))
                throw new CorruptionException(segment.Path, segment.OffsetOf(position), "a record's signatures are not whole");
            for (int i = 0; i < earlier.Count; i++)
            {
                if (_unsigned.Remove(earlier.IdAt(i), out (DatabaseLog Log, EntryPosition Position) entry))
                    entry.Log.Sign(entry.Position, earlier.SignatureAt(i));
            }

            // What is appended here is in the journal already.
            batch.Clear();
            while (!rest.IsEmpty)
            {
                if (EntryReader.TryRead(rest, out EntryReader entry) != EntryStatus.Valid)
                    throw new CorruptionException(segment.Path, segment.OffsetOf(position), "a record does not consist of entries");
                Take(entry, batch, segment, position);
                rest = rest[entry.Bytes.Length..];
            }
        });
    }

    /// <summary>
    /// Signs what the end of the journal has without a signature, if this node wrote it: the signature is the one that peers may have seen
    /// already. A peer's entry may be without one for good, where a later one of its chain proves it.
    /// </summary>
    private void SignRest()
    {
        Owed.Clear();
        Span<byte> signature = stackalloc byte[EntryFormat.SignatureLength];
        foreach (DatabaseLog database in Databases)
        {
            using SigningKey? key = _unsigned.Count > 0 ? KeyFile.ReadKey(_volume, NodeIdentity.PathOf(database.Id)) : null;
            if (key is null)
                continue;
            var own = new AuthorKey(key.PublicKey);
            foreach ((EntryId id, (DatabaseLog log, EntryPosition position)) in _unsigned)
            {
                if (log != database || log.AuthorOf(position.Chain) != own)
                    continue;
                EntryBuilder.Sign(key, id, signature);
                log.Sign(position, signature);
                Owed.Add(id, signature);
            }
        }

        _unsigned.Clear();
    }

    private void Take(in EntryReader entry, AppendBatch batch, in JournalSegment segment, long position)
    {
        EntryId id = entry.ComputeId();
        DatabaseId database = entry.IsGenesis ? new DatabaseId(id.Hash) : entry.Database;
        if (Find(database) is not { } log || position < log.FollowedAt)
            return;   // Dropped since, of a time before a drop, or never named: its creation was not acknowledged.
        AppendStatus status = log.AppendTrusted(entry, id, isSignatureVerified: false, batch);
        if (status is not (AppendStatus.Appended or AppendStatus.AlreadyKnown))
        {
            throw new CorruptionException(segment.Path, segment.OffsetOf(position),
                $"entry {id} does not follow what is held ({status})");
        }

        if (status == AppendStatus.Appended && !entry.IsSigned)
            _unsigned.Add(id, (log, batch.Appended[^1]));
    }
}
