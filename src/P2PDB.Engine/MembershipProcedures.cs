using P2PDB.Engine.Commit;
using P2PDB.Engine.Execution;
using P2PDB.Engine.Log;
using P2PDB.Engine.Sync;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Hashing;
using SimpleBase;

namespace P2PDB.Engine;

/// <summary><c>CALL p2pdb.invite</c> and <c>CALL p2pdb.join</c>: how a database gets its members.</summary>
internal sealed class MembershipProcedures(NodeContext node, Invitations invitations, Func<IPeerNetwork?> network)
{
    /// <summary>Adds the procedures to those of the node.</summary>
    public void Register()
    {
        node.Procedures.Add(new BuiltInProcedure("invite", 2, 2, [BuiltInProcedure.Text("ticket")], Invite));
        node.Procedures.Add(new BuiltInProcedure("join", 1, 2, [BuiltInProcedure.Text("state")], Join));
    }

    private List<object?[]> Invite(SessionState session, string?[] arguments)
    {
        string name = arguments[0] ?? throw SqlErrors.WrongArguments("p2pdb.invite").ToException();
        if (arguments[1] != "write")
            throw SqlErrors.UnknownError("p2pdb.invite: the second argument says what the guest may do; it can be 'write'").ToException();
        if (!node.Transactions.Databases.TryGetValue(name, out Hash256 id))
            throw SqlErrors.UnknownDatabase(name).ToException();

        IReadOnlyList<string> addresses = network()?.Addresses ?? [];
        CommitStatus status = invitations.Invite(new DatabaseId(id), name, addresses, out InvitationTicket? ticket);
        if (status == CommitStatus.Refused)
            throw SqlErrors.UnknownError($"p2pdb.invite: this node is no member of '{name}' that can invite").ToException();
        CommitRefusal.ThrowIfAny(status);
        return [[Base58.Bitcoin.Encode(ticket!.Encode())]];
    }

    private List<object?[]> Join(SessionState session, string?[] arguments)
    {
        if (arguments[0] is not { } text || !InvitationTicket.TryParse(text.AsSpan().Trim(), out InvitationTicket? ticket))
        {
            throw SqlErrors.UnknownError("p2pdb.join: this is not a whole ticket; take it as CALL p2pdb.invite printed it").ToException();
        }

        string name = arguments.Length > 1 && arguments[1] is { Length: > 0 } given ? given : ticket.Name;
        if (invitations.IsFollowed(ticket.Database))
            throw SqlErrors.UnknownError("p2pdb.join: this node has the ticket's database already").ToException();

        CommitStatus status = invitations.Join(ticket, name, network(), out JoinState state);
        node.Transactions.RefreshNames();
        if (status == CommitStatus.NameTaken)
            throw SqlErrors.DatabaseExists(name).ToException();
        CommitRefusal.ThrowIfAny(status);
        if (state == JoinState.Refused)
            throw SqlErrors.UnknownError("p2pdb.join: the invitation was used already, or is none of this database; ask for another").ToException();
        return [[state == JoinState.Joined ? "joined" : "pending"]];
    }
}
