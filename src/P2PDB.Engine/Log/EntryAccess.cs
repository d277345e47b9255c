using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Log;

/// <summary>
/// What the bodies of one database's entries say about who may write: decides what an entry counts for, from the access
/// operations in its causal past and its own.
/// </summary>
internal sealed class EntryAccess : IDisposable
{
    private readonly List<AccessOp> _ops = [];
    private readonly ByteWriter _body = new();
    private readonly DatabaseId _database;

    /// <summary>Starts with nobody.</summary>
    public EntryAccess(DatabaseId database)
    {
        _database = database;
        None = AccessSet.Empty(_ops);
        All = None;
    }

    /// <summary>No operations.</summary>
    public AccessSet None { get; }

    /// <summary>All operations of held entries.</summary>
    public AccessSet All { get; private set; }

    /// <summary>True when an effective entry has an operation that this version does not know.</summary>
    public bool NeedsNewerVersion { get; private set; }

    /// <summary>
    /// True once a body was met with an operation that this version does not know, of whatever standing: a newer version may find more
    /// in it, for later entries too.
    /// </summary>
    public bool MetUnknown { get; private set; }

    /// <summary>Counts what an entry that is now held has in its past, its own included; true when that is news.</summary>
    public bool Add(AccessSet access)
    {
        AccessSet before = All;
        All = All.Union(access);
        return !ReferenceEquals(before, All);
    }

    /// <summary>True for a first entry with a valid claim of a known invite, or a certificate of a member's node.</summary>
    public bool VouchesForItself(in EntryReader entry)
    {
        if (!TryReadBody(entry, out BodyReader body))
            return false;
        OpReader ops = body.Ops;
        AccessState state = All.State;
        while (ops.MoveNext())
        {
            if (ops.Kind is not (OpKind.Claim or OpKind.AuthorCertificate)
                || !AccessFormat.IsWellFormed(ops.Kind, ops.Payload)
                || !AccessFormat.VerifySignatures(ops.Kind, ops.Payload, _database, entry.Author))
            {
                continue;
            }

            if (ops.Kind == OpKind.AuthorCertificate
                ? state.FindNode(AccessFormat.NodeKeyOf(ops.Kind, ops.Payload)) is not null
                : state.HasInvite(EntryId.Read(ops.Payload), new PublicKey(ops.Payload.Slice(32, 32))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Reads the body: what the entry counts for, and its access operations.</summary>
    public EntryStanding Inspect(in EntryReader entry, in EntryId id, ref AccessSet access)
    {
        AuthorKey author = entry.Author;
        if ((entry.Flags & EntryFlags.Merge) != 0)
            return access.State.IsAdmitted(author) ? EntryStanding.Effective : EntryStanding.NotAdmitted;

        _body.Clear();
        Span<byte> raw = _body.GetSpan(entry.RawBodyLength)[..entry.RawBodyLength];
        if (!entry.TryDecompressBody(raw))
            return EntryStanding.Void;
        EntryStatus status = BodyReader.TryRead(entry, raw, out BodyReader body);
        if (status == EntryStatus.BodyMalformed)
            return EntryStanding.Void;
        if (status == EntryStatus.OperationUnknown)
        {
            MetUnknown = true;
            if (!access.State.IsAdmitted(author))
                return EntryStanding.NotAdmitted;
            NeedsNewerVersion = true;
            return EntryStanding.Parked;
        }

        List<AccessOp>? found = null;
        OpReader ops = body.Ops;
        while (ops.MoveNext())
        {
            if (!ops.Kind.IsAccess())
                continue;
            if (!AccessFormat.IsWellFormed(ops.Kind, ops.Payload) || (ops.Kind == OpKind.Genesis && !entry.IsGenesis))
                return EntryStanding.Void;
            (found ??= []).Add(AccessOp.Read(_database, entry, id, ops, _ops.Count + (found?.Count ?? 0)));
        }

        if (found is null)
            return access.State.IsAdmitted(author) ? EntryStanding.Effective : EntryStanding.NotAdmitted;
        return Take(found, author, ref access);
    }

    /// <summary>Returns the memory to the pool.</summary>
    public void Dispose() => _body.Dispose();

    private EntryStanding Take(List<AccessOp> found, in AuthorKey author, ref AccessSet access)
    {
        // Genesis and certificates first: they can let the author in whose other operations then count.
        foreach (AccessOp op in found)
        {
            op.Counts = op.Kind is OpKind.Genesis or OpKind.AuthorCertificate or OpKind.Claim;
            _ops.Add(op);
        }

        AccessSet withOwn = access;
        foreach (AccessOp op in found)
            withOwn = withOwn.With(op);
        bool isAdmitted = withOwn.State.IsAdmitted(author);
        if (isAdmitted && found.Exists(static op => !op.Counts))
        {
            foreach (AccessOp op in found)
                op.Counts = true;
            // The state above was folded without them.
            withOwn = access;
            foreach (AccessOp op in found)
                withOwn = withOwn.With(op);
        }

        access = withOwn;
        return isAdmitted ? EntryStanding.Effective : EntryStanding.NotAdmitted;
    }

    private bool TryReadBody(in EntryReader entry, out BodyReader body)
    {
        body = default;
        _body.Clear();
        Span<byte> raw = _body.GetSpan(Math.Max(entry.RawBodyLength, 1))[..entry.RawBodyLength];
        return entry.TryDecompressBody(raw) && BodyReader.TryRead(entry, raw, out body) == EntryStatus.Valid;
    }
}
