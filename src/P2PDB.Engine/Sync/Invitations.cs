using System.Buffers.Binary;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Sync;

/// <summary>Makes invitations to this node's databases, and joins others' by them.</summary>
/// <param name="node">The node's log.</param>
/// <param name="commits">Its commit loop.</param>
/// <param name="sync">Its sync.</param>
/// <param name="joinPatience">How long a join waits for a peer before it goes on in the background.</param>
internal sealed class Invitations(NodeLog node, CommitLoop commits, SyncNode sync, TimeSpan joinPatience)
{
    /// <summary>True when this node follows the database already.</summary>
    public bool IsFollowed(DatabaseId database) => node.Find(database) is not null;

    /// <summary>Commits an invite and gives its ticket.</summary>
    /// <param name="database">The database.</param>
    /// <param name="name">What this node calls it.</param>
    /// <param name="addresses">Where this node can be reached.</param>
    /// <param name="ticket">The ticket, when the status is <see cref="CommitStatus.Committed"/>.</param>
    public CommitStatus Invite(DatabaseId database, string name, IReadOnlyList<string> addresses, out InvitationTicket? ticket)
    {
        ticket = null;
        byte[] seed = new byte[32];
        node.Identity.FillRandom(seed);
        using SigningKey oneTimeKey = SigningKey.FromSeed(seed);
        PublicKey key = oneTimeKey.PublicKey;
        ulong draw = BinaryPrimitives.ReadUInt64LittleEndian(key.AsSpan());
        CommitStatus status = commits.CommitAccess(database, (log, _, changes) =>
        {
            if (log.OwnMember is { } member && member.Classes.TryChoose(draw, out ResidueClass slot))
                changes.Write(OpKind.Invite, AccessFormat.Invite(key, slot));
        });
        if (status != CommitStatus.Committed)
            return status;
        if (node.Find(database)?.Access.FindInvite(key) is not { } invite)
            return CommitStatus.DatabaseUnknown; // Dropped in between.

        ticket = new InvitationTicket(database, invite, seed, name, addresses);
        return status;
    }

    /// <summary>Follows the ticket's database under a local name and tries to become a member.</summary>
    public CommitStatus Join(InvitationTicket ticket, string name, IPeerNetwork? network, out JoinState state)
    {
        state = JoinState.Pending;
        if (!sync.TryKeep(ticket))
            return CommitStatus.DiskFull;
        CommitStatus status = commits.FollowDatabase(name, ticket.Database, out _);
        if (status != CommitStatus.Committed)
        {
            sync.Forget(ticket.Database);
            return status;
        }

        JoinAttempt attempt = sync.Join(ticket);
        network?.TryKeep(ticket.Addresses);
        state = attempt.Wait(joinPatience);
        if (state == JoinState.Refused)
        {
            sync.Forget(ticket.Database);
            commits.DropDatabase(ticket.Database);
        }

        return status;
    }
}
