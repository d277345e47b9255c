using System.Runtime.InteropServices;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Commit;

/// <summary>What the commit loop does while it has the lead. One thread at a time; see <see cref="CommitLoop"/> for the order.</summary>
internal sealed class CommitSteps(NodeLog node, IEntryApplier applier, IPublishedListener? listener) : IDisposable
{
    /// <summary>Bytes of entries that recovery applies as one commit, about.</summary>
    private const int RecoveredLengthMax = 4 * 1024 * 1024;

    private readonly List<DatabaseEncoder> _encoders = [];
    private readonly BuiltEntries _record = new(node.Options.SignsAside, node.Owed);
    private readonly AppendBatch _appended = new();
    private readonly AppendBatch _retried = new();
    private readonly EntryApplication _application = new(applier);
    private readonly Publications _publications = new(listener);
    private readonly HashSet<DatabaseId> _void = [];
    private readonly List<EntryId> _claims = [];
    private readonly List<EntryPosition> _added = [];
    private int _encoderCount;

    /// <summary>The newest published commit number.</summary>
    public long CommitNumber { get; private set; }

    /// <summary>
    /// Applies what the logs hold beyond their marks, of each database in the one total order, as commits after
    /// <paramref name="commitNumber"/>, the newest that is published.
    /// </summary>
    public void Recover(long commitNumber)
    {
        CommitNumber = commitNumber;
        applier.Begin();
        using var entry = new ByteWriter();
        long length = 0;
        foreach (DatabaseLog log in node.Databases)
        {
            foreach (EntryPosition position in log.BeyondMark())
            {
                entry.Clear();
                log.ReadEntry(position, entry);
                length += entry.Length;
                if (length >= RecoveredLengthMax)
                {
                    // Nobody reads yet; a store need not hold all of it at once.
                    applier.Publish(++CommitNumber);
                    applier.Begin();
                    length = 0;
                }

                _application.Apply(log, position, entry.Written);
            }
        }

        applier.Publish(++CommitNumber);
    }

    /// <summary>Commits a group of local transactions; each gets its answer.</summary>
    public void CommitGroup(List<CommitRequest> group, FlushMode mode)
    {
        // Nothing is won by signing later where no disk is waited for, or where others have work for the processors meanwhile.
        _record.BeginRecord(isSignedDuringWrite: mode == FlushMode.EachCommit && group.Count == 1);
        _void.Clear();
        long length = 0;
        foreach (CommitRequest request in group)
        {
            length += request.Length;
            request.Status = applier.TryReserve(length) ? Check(request) : CommitStatus.DiskFull;
            if (request.Status == CommitStatus.Pending)
                Encode(request);
        }

        CommitStatus status = TryWrite(mode);
        foreach (CommitRequest request in group)
        {
            if (request.Status != CommitStatus.Pending)
                continue;
            request.Status = status == CommitStatus.Committed && IsVoid(request) ? CommitStatus.Void : status;
            request.CommitNumber = CommitNumber;
        }
    }

    /// <summary>
    /// Commits a transaction of one database that is too long for memory: its entries go to a history file of their own as they are
    /// built, and the journal has nothing of it. The file counts, and is durable, from when it has its name; a crash before leaves
    /// nothing. The caller sees to it that nobody else writes history.
    /// </summary>
    public void CommitLong(CommitRequest request)
    {
        request.Status = applier.TryReserve(request.Length) ? Check(request) : CommitStatus.DiskFull;
        if (request.Status != CommitStatus.Pending)
            return;
        ChangeSet changes = request.OnlyChanges!;
        DatabaseLog log = node.Find(changes.Database)!;
        request.Status = TryWriteAddition(log, changes) ? CommitStatus.Committed : CommitStatus.DiskFull;
        if (request.Status != CommitStatus.Committed)
            return;
        TakeAddition(log);
        if (IsVoid(request))
            request.Status = CommitStatus.Void;
        request.CommitNumber = CommitNumber;
    }

    /// <summary>Takes a peer's entries.</summary>
    public CommitStatus AppendRemote(RemoteBatch batch)
    {
        if (node.Find(batch.Database) is not { } log)
            return CommitStatus.DatabaseUnknown;
        // Room first: once the log has an entry, the journal and the store must take it.
        if (!TryReserve(batch.Entries.Length + log.ParkedLength))
            return CommitStatus.DiskFull;
        log.Append(batch.Entries.Span, batch.Result);
        Finish(log, batch.Result);
        return CommitStatus.Committed;
    }

    /// <summary>Takes entries that were ahead of the clock and are no longer.</summary>
    public void RetryDelayed()
    {
        foreach (DatabaseLog log in node.Databases)
        {
            if (log.ParkedCount == 0)
                continue;
            if (!TryReserve(log.ParkedLength))
                return;
            _retried.Clear();
            log.RetryDelayed(_retried);
            Finish(log, _retried);
        }
    }

    /// <summary>Admits the claimants whose admission could not be committed when they came: the disk was full, or the clock late.</summary>
    public void RetryAdmissions()
    {
        foreach (DatabaseLog log in node.Databases)
            Countersign(log);
    }

    /// <summary>Makes everything durable and shows it to peers.</summary>
    public void SyncAndPublish()
    {
        node.Journal.Sync();
        if (_publications.ArePending)
            _publications.Publish();
    }

    /// <summary>Makes everything durable, and says so where the next start looks.</summary>
    public void End()
    {
        SyncAndPublish();
        WriteOwedSignatures();
        node.End();
    }

    /// <summary>Creates a database that this node owns.</summary>
    public CommitStatus Create(string name, out DatabaseLog? created)
    {
        created = null;
        if (node.Manifest.TryFind(name, out _))
            return CommitStatus.NameTaken;
        if (IsClockBehind())
            return CommitStatus.ClockBehind;

        (AuthorIdentity author, byte[] seed) = node.Identity.Prepare();
        Span<byte> random = stackalloc byte[AccessFormat.RandomLength];
        node.Identity.FillRandom(random);
        using var changes = new ChangeSet();
        changes.Write(OpKind.Genesis, AccessFormat.Genesis(random, node.Identity.NodeKey, author.Author));
        _record.BeginRecord(isSignedDuringWrite: false);
        DatabaseEncoder encoder = NextEncoder();
        encoder.Begin(null, author, node, _record);
        encoder.Add(changes);
        encoder.Flush();
        EndEncoders();

        var id = new DatabaseId(_record.Ids[0].Hash);
        try
        {
            node.Journal.Append(_record.Bytes.Written, FlushMode.EachCommit);
            _record.EndSigning(isWritten: true);
            // Key before name: a database with a name always has its author. A crash in between leaves an unnamed one: ignored.
            node.Identity.Adopt(id, author, seed);
            created = node.Follow(name, id);
        }
        catch (DiskFullException)
        {
            return CommitStatus.DiskFull;
        }

        TakeRecord();
        _publications.Publish();
        return CommitStatus.Committed;
    }

    /// <summary>Drops a database from this node.</summary>
    public CommitStatus Drop(DatabaseId id)
    {
        if (node.Find(id) is not { } log)
            return CommitStatus.DatabaseUnknown;
        _publications.Forget(log);
        node.Drop(log.Id);
        applier.Begin();
        applier.Drop(log);
        applier.Publish(++CommitNumber);
        return CommitStatus.Committed;
    }

    /// <summary>Commits one change set by itself, durably.</summary>
    public CommitStatus CommitAlone(ChangeSet changes)
    {
        var request = new CommitRequest();
        request.Changes.Add(changes);
        CommitGroup([request], FlushMode.EachCommit);
        return request.Status;
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        foreach (DatabaseEncoder encoder in _encoders)
            encoder.Dispose();
        _record.Dispose();
        _appended.Dispose();
        _retried.Dispose();
        _application.Dispose();
    }

    private static bool IsClaim(ChangeSet changes)
    {
        ChangeReader ops = changes.Read();
        return changes.OpCount == 1 && ops.MoveNext() && ops.Kind == OpKind.Claim;
    }

    private CommitStatus Check(CommitRequest request)
    {
        if (IsClockBehind())
            return CommitStatus.ClockBehind;
        if (request.Length > CommitRequest.LengthMax && request.OnlyChanges is null)
            return CommitStatus.TooLarge;
        foreach (ChangeSet changes in request.Changes)
        {
            if (node.Find(changes.Database) is not { } log)
                return CommitStatus.DatabaseUnknown;
            if (!DatabaseEncoder.CanHold(changes))
                return CommitStatus.TooLarge;
            // A claim needs no standing.
            if (log.OwnMember is null && (!IsClaim(changes) || log.EntryCount == 0))
                return CommitStatus.NotAdmitted;
            if (!TryKeepAuthor(log))
                return CommitStatus.DiskFull;
            if (!changes.CountsFor.IsZero && changes.CountsFor != log.OwnAuthor)
                return CommitStatus.Refused;
        }

        return request.MayCommit() ? CommitStatus.Pending : CommitStatus.Refused;
    }

    /// <summary>
    /// The key is durable before what is written with it: else another life could never say whose that was. The key of an author before
    /// is gone then, so what it owes is durable first.
    /// </summary>
    private bool TryKeepAuthor(DatabaseLog log)
    {
        if (!node.Identity.KeptAuthorOf(log.Id).IsZero)
            return true;
        try
        {
            WriteOwedSignatures();
            node.Journal.Sync();
            node.Identity.Keep(log.Id);
            return true;
        }
        catch (DiskFullException)
        {
            return false;
        }
    }

    private bool IsVoid(CommitRequest request)
    {
        if (_void.Count == 0)
            return false;
        foreach (ChangeSet changes in request.Changes)
        {
            if (_void.Contains(changes.Database))
                return true;
        }

        return false;
    }

    private bool TryReserve(int length)
    {
        try
        {
            node.Journal.Reserve(length);
            return applier.TryReserve(length);
        }
        catch (DiskFullException)
        {
            return false;
        }
    }

    private bool IsClockBehind()
    {
        long limit = (node.Options.TimeProvider.GetUtcNow() + DatabaseLog.AheadMax).ToUnixTimeMilliseconds();
        return node.Clock.Latest.Milliseconds > (ulong)Math.Max(limit, 0);
    }

    private void Encode(CommitRequest request)
    {
        foreach (ChangeSet changes in request.Changes)
        {
            if (!changes.IsEmpty)
                EncoderOf(changes.Database).Add(changes);
        }
    }

    private DatabaseEncoder EncoderOf(DatabaseId database)
    {
        for (int i = 0; i < _encoderCount; i++)
        {
            if (_encoders[i].Log!.Id == database)
                return _encoders[i];
        }

        DatabaseEncoder encoder = NextEncoder();
        encoder.Begin(node.Find(database)!, node.Identity.AuthorOf(database), node, _record);
        return encoder;
    }

    private DatabaseEncoder NextEncoder()
    {
        if (_encoderCount == _encoders.Count)
            _encoders.Add(new DatabaseEncoder(node.Options.BodyLengthMax));
        return _encoders[_encoderCount++];
    }

    private void EndEncoders() => _encoderCount = 0;

    /// <summary>Writes the record that the encoders built, then takes it in.</summary>
    private CommitStatus TryWrite(FlushMode mode)
    {
        for (int i = 0; i < _encoderCount; i++)
            _encoders[i].Flush();
        EndEncoders();
        if (_record.Ids.Count == 0)
            return CommitStatus.Committed;
        bool isWritten = false;
        _record.BeginSigning();
        try
        {
            node.Journal.Append(_record.Bytes.Written, mode);
            isWritten = true;
        }
        catch (DiskFullException)
        {
            return CommitStatus.DiskFull;
        }
        finally
        {
            _record.EndSigning(isWritten);
        }

        TakeRecord();
        if (mode == FlushMode.EachCommit)
            _publications.Publish();
        return CommitStatus.Committed;
    }

    /// <summary>Makes durable, as a record of their own, the signatures that the journal lacks.</summary>
    private void WriteOwedSignatures()
    {
        if (_record.Owed.Count == 0)
            return;
        using var signatures = new ByteWriter();
        _record.Owed.WriteTo(signatures);
        node.Journal.Append(signatures.Written, FlushMode.EachCommit);
        _record.Owed.Clear();
    }

    /// <summary>Takes the entries of the record into the logs, and applies them.</summary>
    private void TakeRecord()
    {
        applier.Begin();
        ReadOnlySpan<byte> rest = _record.Entries;
        foreach (EntryId id in _record.Ids)
        {
            EntryReader.TryRead(rest, out EntryReader entry);
            DatabaseLog log = node.Find(entry.IsGenesis ? new DatabaseId(id.Hash) : entry.Database)!;
            _appended.Clear();
            AppendStatus status = log.AppendTrusted(entry, id, isSignatureVerified: true, _appended);
            if (status != AppendStatus.Appended)
                throw new InvalidOperationException($"An entry of this node does not follow its own log: {status}.");
            EntryPosition position = _appended.Appended[0];
            Take(log, position, entry.Bytes);
            // What sessions write is checked before it comes here; should a check be missing, nobody is told that it is committed.
            if (log.StandingOf(position) == EntryStanding.Void)
                _void.Add(log.Id);
            rest = rest[entry.Bytes.Length..];
        }

        applier.Publish(++CommitNumber);
    }

    /// <summary>Writes a transaction to a history file of its own; false where the disk is full, and then nothing of it is left.</summary>
    private bool TryWriteAddition(DatabaseLog log, ChangeSet changes)
    {
        try
        {
            // Each file has what came since the one before.
            log.WriteHistory();
            using HistoryAddition addition = log.BeginAddition();
            _record.BeginAddition(addition);
            DatabaseEncoder encoder = EncoderOf(changes.Database);
            encoder.Add(changes);
            encoder.Flush();
            addition.Keep();
            return true;
        }
        catch (DiskFullException)
        {
            return false;
        }
        finally
        {
            EndEncoders();
        }
    }

    /// <summary>Takes the entries of the new history file into the log, and applies them.</summary>
    private void TakeAddition(DatabaseLog log)
    {
        _void.Clear();
        _added.Clear();
        log.TakeAddition(CollectionsMarshal.AsSpan(_record.Ids), CollectionsMarshal.AsSpan(_record.Places), _added);
        applier.Begin();
        foreach (EntryPosition position in _added)
        {
            Take(log, position, default);
            if (log.StandingOf(position) == EntryStanding.Void)
                _void.Add(log.Id);
        }

        applier.Publish(++CommitNumber);
        SyncAndPublish();
    }

    private void Take(DatabaseLog log, EntryPosition position, ReadOnlySpan<byte> bytes)
    {
        _publications.Add(log, position);
        _application.Apply(log, position, bytes);
    }

    /// <summary>Makes a peer's entries durable, applies and publishes them, and does what they ask of a member.</summary>
    private void Finish(DatabaseLog log, AppendBatch batch)
    {
        if (batch.Appended.Count == 0)
            return;
        // Whatever the flush mode: these may be parents of our next entry, which must not reach a peer before them.
        try
        {
            node.Journal.Append(batch.Bytes.Written, FlushMode.EachCommit);
        }
        catch (DiskFullException failure)
        {
            // The log has the entries by now, and room was reserved: only a file system that copies on write breaks that promise.
            throw new IOException("The room that the journal had reserved was not there.", failure);
        }

        applier.Begin();
        ReadOnlySpan<byte> bytes = batch.Bytes.Written;
        foreach (EntryPosition position in batch.Appended)
        {
            EntryReader.TryRead(bytes, out EntryReader entry);
            node.Clock.Observe(entry.Hlc);
            Take(log, position, entry.Bytes);
            bytes = bytes[entry.Bytes.Length..];
        }

        applier.Publish(++CommitNumber);
        _publications.Publish();
        if (batch.HasOwnEntries)
            log.OwnAuthor = node.Identity.Renew(log.Id).Author;
        Countersign(log);
    }

    /// <summary>Admits who claimed an invite: members do so by themselves.</summary>
    private void Countersign(DatabaseLog log)
    {
        if (log.OwnMember is null)
            return;
        log.Access.GetOpenClaims(_claims);
        if (_claims.Count == 0)
            return;
        using var admits = new ChangeSet();
        admits.Clear(log.Id);
        foreach (EntryId claim in _claims)
            admits.Write(OpKind.Admit, AccessFormat.Admit(claim));
        CommitAlone(admits);
    }
}
