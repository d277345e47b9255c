using System.Buffers.Binary;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Log;

/// <summary>
/// Who may write, folded from a set of access operations in the one total order. A pure function of the set; immutable once
/// folded.
/// </summary>
internal sealed class AccessState
{
    private readonly Dictionary<AuthorKey, AccessMember> _members = [];
    private readonly Dictionary<PublicKey, AccessMember> _nodes = [];
    private readonly Dictionary<(EntryId Entry, PublicKey Key), Seat> _seats = [];
    private readonly Dictionary<EntryId, (AccessOp Op, Seat Seat)> _claims = [];

    /// <summary>Nobody.</summary>
    public static AccessState Empty { get; } = new();

    /// <summary>The author of the genesis entry, zero before it.</summary>
    public AuthorKey Owner { get; private set; }

    /// <summary>All who may write.</summary>
    public IReadOnlyCollection<AccessMember> Members => _members.Values;

    /// <summary>Folds <paramref name="ops"/>, which are in the one total order.</summary>
    public static AccessState Fold(IEnumerable<AccessOp> ops)
    {
        var state = new AccessState();
        foreach (AccessOp op in ops)
        {
            if (op.Counts && op.IsAuthentic)
                state.Take(op);
        }

        return state;
    }

    /// <summary>True when the author may write.</summary>
    public bool IsAdmitted(in AuthorKey author) => _members.ContainsKey(author);

    /// <summary>The member an author is, or null.</summary>
    public AccessMember? Find(in AuthorKey author) => _members.GetValueOrDefault(author);

    /// <summary>The class that an author's generated keys are of; <see cref="ResidueClass.Whole"/> where it is no member.</summary>
    public ResidueClass AutoIncrementClass(in AuthorKey author) => Find(author)?.Classes.Active ?? ResidueClass.Whole;

    /// <summary>The oldest author of a node, or null.</summary>
    public AccessMember? FindNode(in PublicKey nodeKey) => _nodes.GetValueOrDefault(nodeKey);

    /// <summary>The invite in an entry, if it counts: its one-time key's seat is there.</summary>
    public bool HasInvite(in EntryId entry, in PublicKey oneTimeKey) => _seats.ContainsKey((entry, oneTimeKey));

    /// <summary>The entry of the invite with this one-time key, or null.</summary>
    public EntryId? FindInvite(in PublicKey oneTimeKey)
    {
        foreach ((EntryId entry, PublicKey key) in _seats.Keys)
        {
            if (key == oneTimeKey)
                return entry;
        }

        return null;
    }

    /// <summary>True while an invite with this one-time key is open: nobody was admitted by it.</summary>
    public bool IsInvited(in PublicKey oneTimeKey)
    {
        foreach (((EntryId _, PublicKey key), Seat seat) in _seats)
        {
            if (key == oneTimeKey)
                return !seat.IsTaken;
        }

        return false;
    }

    /// <summary>
    /// The entries by which others can tell that a node belongs here: those that let it in, or, before, its claims and what they rest on.
    /// </summary>
    public HashSet<EntryId> EvidenceOf(in PublicKey nodeKey)
    {
        HashSet<EntryId> evidence = [];
        if (FindNode(nodeKey) is { } member)
        {
            member.Grounds.CollectInto(evidence);
            return evidence;
        }

        foreach ((EntryId entry, (AccessOp op, Seat seat)) in _claims)
        {
            if (AccessFormat.NodeKeyOf(op.Kind, op.Payload) == nodeKey)
                new AccessGrounds([entry, seat.Invite], [seat.Inviter]).CollectInto(evidence);
        }

        return evidence;
    }

    /// <summary>True for a node that is a member, or has claimed an invite that nobody was admitted by.</summary>
    public bool IsExpected(in PublicKey nodeKey)
    {
        if (FindNode(nodeKey) is not null)
            return true;
        foreach ((AccessOp op, Seat seat) in _claims.Values)
        {
            if (!seat.IsTaken && AccessFormat.NodeKeyOf(op.Kind, op.Payload) == nodeKey)
                return true;
        }

        return false;
    }

    /// <summary>The claims to admit: for each known invite that nobody was admitted by, the first.</summary>
    public void GetOpenClaims(List<EntryId> target)
    {
        target.Clear();
        HashSet<Seat>? claimed = null;
        foreach ((EntryId entry, (AccessOp op, Seat seat)) in _claims)
        {
            if (!seat.IsTaken && !IsAdmitted(op.Author) && (claimed ??= []).Add(seat))
                target.Add(entry);
        }
    }

    private void Take(AccessOp op)
    {
        switch (op.Kind)
        {
            case OpKind.Genesis:
                Owner = op.Author;
                Admit(op.Author, AccessFormat.NodeKeyOf(op.Kind, op.Payload), new ResidueClasses(ResidueClass.Whole), new AccessGrounds([op.Entry], []));
                break;
            case OpKind.AuthorCertificate:
                TakeCertificate(op);
                break;
            case OpKind.Invite:
                TakeInvite(op);
                break;
            case OpKind.Claim:
                var named = (EntryId.Read(op.Payload), new PublicKey(op.Payload.AsSpan(32, 32)));
                if (_seats.TryGetValue(named, out Seat? claimed))
                    _claims.TryAdd(op.Entry, (op, claimed));
                break;
            case OpKind.Admit:
                TakeAdmit(op);
                break;
        }
    }

    private void TakeCertificate(AccessOp op)
    {
        // The new key is a member's node's: the operation is signed by the node key, and a member has that node key.
        PublicKey nodeKey = AccessFormat.NodeKeyOf(op.Kind, op.Payload);
        AccessMember? previous = Find(AuthorKey.Read(op.Payload.AsSpan(32)));
        if (previous is null || previous.NodeKey != nodeKey)
            previous = FindNode(nodeKey);
        // Any author of the node is ground enough; its first one has the shortest.
        if (previous is not null)
            Admit(op.Author, nodeKey, previous.Classes, new AccessGrounds([op.Entry], [FindNode(nodeKey)!]));
    }

    private void TakeInvite(AccessOp op)
    {
        ResidueClass slot = AccessFormat.SlotOf(op.Payload);
        if (!slot.IsWellFormed || Find(op.Author) is not { } inviter)
            return;
        // A class is given once. It can be named twice: by a node that lost the first invite, or by copies of one. The later gets another.
        if (inviter.Classes.TryGive(slot) || inviter.Classes.TryGiveAny(DrawOf(op.Payload), out slot))
            _seats.TryAdd((op.Entry, new PublicKey(op.Payload.AsSpan(0, 32))), new Seat(slot, op.Entry, inviter));
    }

    private void TakeAdmit(AccessOp op)
    {
        if (!_claims.TryGetValue(EntryId.Read(op.Payload), out (AccessOp Op, Seat Seat) claim)
            || Find(op.Author) is not { } member || IsAdmitted(claim.Op.Author))
        {
            return;
        }

        // Operations come in the total order: the first admission of any claim of a seat takes it. A later one is of a member that did
        // not know of the first, and the claimant may have written since: it is a member as well, with another class.
        Seat seat = claim.Seat;
        PublicKey nodeKey = AccessFormat.NodeKeyOf(OpKind.Claim, claim.Op.Payload);
        AccessGrounds grounds = new([seat.Invite, claim.Op.Entry, op.Entry], [seat.Inviter, member]);
        if (!seat.IsTaken)
            Admit(claim.Op.Author, nodeKey, new ResidueClasses(seat.Slot), grounds);
        else if (FindNode(nodeKey) is { } known)
            Admit(claim.Op.Author, nodeKey, known.Classes, grounds);
        else if (seat.Inviter.Classes.TryGiveAny(DrawOf(claim.Op.Payload.AsSpan(64)), out ResidueClass other))
            Admit(claim.Op.Author, nodeKey, new ResidueClasses(other), grounds);
        seat.IsTaken = true;
    }

    private void Admit(in AuthorKey author, in PublicKey nodeKey, ResidueClasses classes, AccessGrounds grounds)
    {
        var member = new AccessMember(author, nodeKey, classes, grounds);
        if (_members.TryAdd(author, member))
            _nodes.TryAdd(nodeKey, member);
    }

    private static ulong DrawOf(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadUInt64LittleEndian(key);

    private sealed class Seat(ResidueClass slot, EntryId invite, AccessMember inviter)
    {
        public ResidueClass Slot { get; } = slot;

        public EntryId Invite { get; } = invite;

        public AccessMember Inviter { get; } = inviter;

        public bool IsTaken { get; set; }
    }
}
