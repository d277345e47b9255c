using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Log;

/// <summary>
/// Checks everything a data directory's log promises, without changing it: checksums of frames, blocks, indexes and key files, the
/// hash of every body and header, links, roots over each author's history, and signatures. No node may be running on the volume.
/// </summary>
internal sealed class LogVerifier
{
    private readonly StorageVolume _volume;
    private readonly TimeProvider _timeProvider;
    private readonly LogVerification _found = new();
    private readonly Dictionary<DatabaseId, DatabaseLog> _logs = [];
    private readonly Dictionary<EntryId, (AuthorKey Author, string Path, long Offset)> _unsigned = [];
    private readonly OwedSignatures _earlier = new();

    private LogVerifier(StorageVolume volume, TimeProvider timeProvider)
    {
        _volume = volume;
        _timeProvider = timeProvider;
    }

    /// <summary>Verifies a volume, up to its first damage.</summary>
    public static LogVerification Run(StorageVolume volume, TimeProvider timeProvider)
    {
        var verifier = new LogVerifier(volume, timeProvider);
        try
        {
            verifier.Verify();
        }
        catch (CorruptionException damage)
        {
            verifier._found.Damage = damage;
        }

        foreach (DatabaseLog log in verifier._logs.Values)
            log.Dispose();
        return verifier._found;
    }

    private void Verify()
    {
        KeyFile.Check(_volume, NodeIdentity.NodeKeyPath);
        foreach ((_, DatabaseId id) in DatabaseManifest.Open(_volume).Databases)
        {
            _found.DatabaseCount++;
            KeyFile.Check(_volume, NodeIdentity.PathOf(id));
            GeneratedKeysFile.Read(_volume, id);
            VerifyHistory(id);
        }

        JournalTail tail = JournalReader.Read(_volume, VerifyRecord);
        _found.SegmentCount = tail.Segments.Count;
        _found.FrameCount = tail.FrameCount;
        foreach (DatabaseLog log in _logs.Values)
        {
            _found.EntryCount += log.EntryCount;
            VerifyUnsigned(log);
        }
    }

    private void VerifyHistory(DatabaseId id)
    {
        HistoryFiles history = HistoryFiles.Open(_volume, id);
        var log = new DatabaseLog(id, _timeProvider, history) { FollowedAt = FollowMark.Read(_volume, id) };
        _logs.Add(id, log);
        _found.HistoryFileCount += history.FileCount;
        HistoryLoader.Load(history, log, (in EntryReader entry, in EntryId entryId, in EntryPlace place) =>
            VerifyEntry(entry, entryId, history.PathOf(place.File), history.FileAt(place.File).BlockAt(place.Block).Offset));
    }

    private void VerifyRecord(ReadOnlySpan<byte> record, long position, in JournalSegment segment)
    {
        VerifyEarlier(record, position, segment, out ReadOnlySpan<byte> rest);
        while (!rest.IsEmpty)
        {
            if (EntryReader.TryRead(rest, out EntryReader entry) != EntryStatus.Valid)
                throw new CorruptionException(segment.Path, segment.OffsetOf(position), "a record does not consist of entries");
            rest = rest[entry.Bytes.Length..];
            EntryId id = entry.ComputeId();
            bool isSigned = VerifyEntry(entry, id, segment.Path, segment.OffsetOf(position));
            DatabaseId database = entry.IsGenesis ? new DatabaseId(id.Hash) : entry.Database;
            if (!_logs.TryGetValue(database, out DatabaseLog? log) || position < log.FollowedAt)
                continue;
            AppendStatus status = log.Load(entry, id, default, isTrusted: false, isSigned);
            if (status is not (AppendStatus.Appended or AppendStatus.AlreadyKnown))
            {
                throw new CorruptionException(segment.Path, segment.OffsetOf(position),
                    $"entry {id} does not follow what is held ({status})");
            }
        }
    }

    private bool VerifyEntry(in EntryReader entry, in EntryId id, string path, long offset)
    {
        if (EntryVerifier.VerifyBody(entry) != EntryStatus.Valid)
            throw new CorruptionException(path, offset, $"the body of entry {id} is not the one that was signed");
        bool isSigned = EntryVerifier.VerifySignature(entry, id) == EntryStatus.Valid;
        if (isSigned)
            _found.SignatureCount++;
        else
            _unsigned[id] = (entry.Author, path, offset);
        return isSigned;
    }

    /// <summary>Takes the signatures of the record before.</summary>
    private void VerifyEarlier(ReadOnlySpan<byte> record, long position, in JournalSegment segment, out ReadOnlySpan<byte> rest)
    {
        if (!_earlier.TryRead(record, out rest))
            throw new CorruptionException(segment.Path, segment.OffsetOf(position), "a record's signatures are not whole");
        for (int i = 0; i < _earlier.Count; i++)
        {
            EntryId id = _earlier.IdAt(i);
            if (!_unsigned.TryGetValue(id, out (AuthorKey Author, string Path, long Offset) entry))
                continue;
            if (!EntryVerifier.IsSignature(entry.Author, id, _earlier.SignatureAt(i)))
                throw new CorruptionException(segment.Path, segment.OffsetOf(position), $"the signature of entry {id} is not its author's");
            _unsigned.Remove(id);
            _found.SignatureCount++;
        }
    }

    /// <summary>
    /// An entry without a valid signature of its own must be proven by a later one of its chain, or be this node's: then the next start signs it.
    /// </summary>
    private void VerifyUnsigned(DatabaseLog log)
    {
        using SigningKey? own = KeyFile.ReadKey(_volume, NodeIdentity.PathOf(log.Id));
        for (int number = 0; number < log.ChainCount; number++)
        {
            Chain chain = log.ChainAt(number);
            if (chain.Count > 0 && _unsigned.TryGetValue(chain[chain.Count - 1].Id, out (AuthorKey Author, string Path, long Offset) place)
                && !(own is not null && place.Author == new AuthorKey(own.PublicKey)))
            {
                throw new CorruptionException(place.Path, place.Offset,
                    $"nothing proves that its author wrote entry {chain[chain.Count - 1].Id}");
            }
        }
    }
}
