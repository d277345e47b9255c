using System.Runtime.InteropServices;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Commit;

/// <summary>
/// Builds the entries of one database for one group commit, continuing a copy of the author's chain: until the journal has them
/// nothing in the log has changed, so a failed commit leaves no trace.
/// </summary>
/// <param name="bodyLengthMax">Bytes of a raw body at most; a longer transaction becomes parts.</param>
internal sealed class DatabaseEncoder(int bodyLengthMax) : IDisposable
{
    /// <summary>
    /// Bytes of a part's raw body at most, where its directory is short: a whole entry is then no longer than a buffer of 1 MiB, and
    /// each step of a commit, of sync and of history holds one or two.
    /// </summary>
    private const int PartLengthMax = (1024 * 1024) - 4096;

    private readonly BodyBuilder _body = new(bodyLengthMax);
    private readonly ChainTip _tip = new();
    private readonly List<EntryId> _heads = [];
    private readonly EntryBuilder _builder = new();
    private readonly ChangeSet _certificate = new();
    private HybridLogicalClock _clock = null!;
    private BuiltEntries _record = null!;
    private AuthorIdentity _author = null!;
    private DatabaseId _databaseInHeader;
    private int _headsUsed;

    /// <summary>The database under way; null between group commits.</summary>
    public DatabaseLog? Log { get; private set; }

    /// <summary>
    /// Starts with the end of the author's chain and the heads it has not seen. A chain left in the middle of a transaction, and
    /// more heads than one entry can name, take merge entries first; a fresh author's certificate comes before all. A null log
    /// means the genesis entry.
    /// </summary>
    public void Begin(DatabaseLog? log, AuthorIdentity author, NodeLog node, BuiltEntries record)
    {
        Log = log;
        _author = author;
        _clock = node.Clock;
        _record = record;
        _body.Clear();
        _heads.Clear();
        _headsUsed = 0;
        _databaseInHeader = log?.Id ?? default;
        Chain? chain = log?.FindChain(author.Author);
        _tip.CopyFrom(chain?.Tip ?? new ChainTip());
        if (log is null)
            return;

        log.GetNewHeads(_tip.Last, _heads);
        // A chain's first entry vouches for its author, by a certificate or a claim: merge entries can only follow it.
        bool isMember = log.OwnMember is not null;
        if (chain is null && !isMember)
            return;
        if (isMember && !log.MayWrite(author.Author))
        {
            AddCertificate(log, node);
            if (_heads.Count > EntryFormat.ParentCountMax)
                Flush();
        }

        if (log.HasOpenParts(author.Author))
            Build(EntryFlags.Merge, null);
        while (_heads.Count - _headsUsed > EntryFormat.ParentCountMax)
            Build(EntryFlags.Merge, null);
    }

    /// <summary>False for a transaction that names more tables or columns than entries can carry.</summary>
    public static bool CanHold(ChangeSet changes)
    {
        long directory = BodyBuilder.LengthMaxOf(changes) - changes.Length;
        return directory <= EntryFormat.RawBodyLengthMax / 2;
    }

    /// <summary>Adds one transaction, for which <see cref="CanHold"/> is true.</summary>
    public void Add(ChangeSet changes)
    {
        if (!_body.Fits(changes))
            Flush();
        if (_body.Fits(changes))
            _body.Add(changes);
        else
            AddParts(changes);
    }

    /// <summary>Ends the entry under way, if it has anything.</summary>
    public void Flush()
    {
        if (_body.OpCount > 0)
            Build(EntryFlags.None, _body);
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose()
    {
        _body.Dispose();
        _builder.Dispose();
        _certificate.Dispose();
    }

    private void AddCertificate(DatabaseLog log, NodeLog node)
    {
        _certificate.Clear(log.Id);
        _certificate.Write(OpKind.AuthorCertificate,
            AccessFormat.Certificate(log.Id, node.Identity.NodeKey, _author.Author, _author.Previous));
        _body.Add(_certificate);
    }

    private void Build(EntryFlags flags, BodyBuilder? body)
    {
        int count = Math.Min(_heads.Count - _headsUsed, EntryFormat.ParentCountMax);
        Span<EntryId> parents = CollectionsMarshal.AsSpan(_heads).Slice(_headsUsed, count);
        EntryId id = _builder.BuildUnsigned(
            _record.Bytes, _databaseInHeader, _author.Key, _tip, _clock.Next(), parents, flags, body, out int signatureOffset);
        _record.Add(id, _author.Key, signatureOffset);
        _headsUsed += count;
        body?.Clear();
    }

    /// <summary>Splits a transaction at its operations, and operations that are too long for a part into chunks.</summary>
    private void AddParts(ChangeSet changes)
    {
        _body.MapTables(changes);
        int partLengthMax = Math.Min(bodyLengthMax, Math.Max(PartLengthMax, 2 * _body.Length));
        int capacity = partLengthMax - _body.Length - EntryFormat.TransactionHeaderLength;
        var part = new PartState(_body.BeginTransaction(), 0, capacity);
        ChangeReader ops = changes.Read();
        while (ops.MoveNext())
            AddToParts(changes, ops.Kind, ops.Table, ops.Payload, capacity, ref part);
        _body.EndTransaction(part.Start, part.OpCount);
        Build(EntryFlags.Part | EntryFlags.LastPart, _body);
    }

    private void AddToParts(
        ChangeSet changes, OpKind kind, int table, ReadOnlySpan<byte> payload, int capacity, ref PartState part)
    {
        byte flags = 0;
        while (payload.Length > capacity - EntryFormat.OpHeaderLength)
        {
            int room = part.Room - EntryFormat.OpHeaderLength;
            if (room < payload.Length && room < capacity / 8)
            {
                NextPart(changes, capacity, ref part);
                continue;
            }

            int length = Math.Min(room, payload.Length);
            _body.AddOp(OpKind.Chunk, 0, EntryFormat.NoTable, payload[..length]);
            part = part.After(length);
            payload = payload[length..];
            flags = OpReader.ChunkedFlag;
        }

        if (part.Room < EntryFormat.OpHeaderLength + payload.Length)
            NextPart(changes, capacity, ref part);
        _body.AddOp(kind, flags, table, payload);
        part = part.After(payload.Length);
    }

    private void NextPart(ChangeSet changes, int capacity, ref PartState part)
    {
        _body.EndTransaction(part.Start, part.OpCount);
        Build(EntryFlags.Part, _body);
        _body.MapTables(changes);
        part = new PartState(_body.BeginTransaction(), 0, capacity);
    }

    private readonly record struct PartState(int Start, int OpCount, int Room)
    {
        public PartState After(int payloadLength) =>
            new(Start, OpCount + 1, Room - EntryFormat.OpHeaderLength - payloadLength);
    }
}
