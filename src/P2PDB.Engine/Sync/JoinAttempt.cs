using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Sync;

/// <summary>
/// A database that this node follows by an invitation and is no member of yet: proves the invitation to peers, and once what they
/// hold is here, claims it. Ends when a member has countersigned.
/// </summary>
internal sealed class JoinAttempt : IDisposable
{
    private readonly InvitationTicket _ticket;
    private readonly SigningKey _oneTimeKey;
    private readonly Action<JoinAttempt> _claim;
    private readonly ManualResetEventSlim _decided = new();
    private int _hasClaimed;
    private int _state;

    /// <param name="ticket">The invitation.</param>
    /// <param name="claim">Commits the claim; called when a first exchange is done, and once more for each <see cref="Retry"/>.</param>
    public JoinAttempt(InvitationTicket ticket, Action<JoinAttempt> claim)
    {
        _ticket = ticket;
        _oneTimeKey = ticket.OpenKey();
        _claim = claim;
    }

    public InvitationTicket Ticket => _ticket;

    public SigningKey OneTimeKey => _oneTimeKey;

    public JoinState State => (JoinState)Volatile.Read(ref _state);

    /// <summary>What shows the invitation to one peer.</summary>
    public JoinProof ProofFor(in PublicKey self, in PublicKey peer) => JoinProof.Sign(_oneTimeKey, _ticket.Database, self, peer);

    /// <summary>All that a peer holds is held here.</summary>
    public void Exchanged()
    {
        if (Interlocked.Exchange(ref _hasClaimed, 1) == 0)
            _claim(this);
    }

    /// <summary>The claim could not be committed now, for example because the disk is full: the next exchange is to try again.</summary>
    public void Retry() => Volatile.Write(ref _hasClaimed, 0);

    /// <summary>A peer did not serve the database. Another may.</summary>
    public void Denied(DenyReason reason)
    {
        if (reason == DenyReason.InvitationInvalid)
            Reach(JoinState.Refused);
    }

    public void Reach(JoinState state)
    {
        Volatile.Write(ref _state, (int)state);
        if (state is JoinState.Joined or JoinState.Refused)
            _decided.Set();
    }

    /// <summary>Waits until the join is decided or the time is over.</summary>
    public JoinState Wait(TimeSpan atMost)
    {
        _decided.Wait(atMost);
        return State;
    }

    public void Dispose()
    {
        _oneTimeKey.Dispose();
        _decided.Dispose();
    }
}
