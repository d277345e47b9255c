using P2PDB.Network.Peers;
using P2PDB.Network.Swarm;
using PeerSwarm = P2PDB.Network.Swarm.Swarm;

namespace P2PDB.Network.Discovery;

/// <summary>
/// Dials peers that were discovered and are not connected, after a moment of random length: the other side has heard of this one by then, and of two that
/// discover each other at once only one dials. One that does not answer rightly is left alone for a while, longer each time:
/// anybody on the network can claim to be a peer at any address.
/// </summary>
public sealed class PeerConnector
{
    private readonly PeerSwarm _swarm;
    private readonly TimeProvider _time;
    private readonly Random _random;
    private readonly Lock _gate = new();
    private readonly Dictionary<PeerId, Attempts> _failing = [];
    private readonly HashSet<PeerId> _dialling = [];

    /// <summary>Creates one for a swarm.</summary>
    /// <param name="swarm">The swarm; its end ends all dials.</param>
    /// <param name="time">The clock of the back-off.</param>
    /// <param name="random">The dice of the back-off's jitter; used by this object alone.</param>
    public PeerConnector(PeerSwarm swarm, TimeProvider time, Random random)
    {
        ArgumentNullException.ThrowIfNull(swarm);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(random);
        _swarm = swarm;
        _time = time;
        _random = random;
    }

    /// <summary>Raised when a peer was dialled in vain.</summary>
    public event Action<PeerId, DialStatus>? DialFailed;

    /// <summary>Takes what discovery found; returns at once.</summary>
    public void Take(DiscoveredPeer discovered)
    {
        ArgumentNullException.ThrowIfNull(discovered);
        PeerId peer = discovered.Peer;
        _swarm.AddAddresses(peer, discovered.Addresses);
        if (_swarm.IsConnected(peer))
            return;

        lock (_gate)
        {
            bool isDue = !_failing.TryGetValue(peer, out Attempts? attempts) || _time.GetUtcNow() >= attempts.NotBefore;
            if (!isDue || _dialling.Count >= Limits.DiscoveryDialCountMax || !_dialling.Add(peer))
                return;
        }

        if (!_swarm.TryStart(() => DialAsync(peer)))
            Forget(peer);
    }

    private async Task DialAsync(PeerId peer)
    {
        double share;
        lock (_gate)
            share = _random.NextDouble();
        DialOutcome outcome;
        try
        {
            await Task.Delay(Limits.DiscoveryDialDelayMin + (share * Limits.DiscoveryDialDelaySpread), _time, _swarm.Closing).ConfigureAwait(false);
            outcome = await _swarm.DialAsync(peer, CancellationToken.None).ConfigureAwait(false);
            lock (_gate)
            {
                if (outcome.IsConnected)
                    _failing.Remove(peer);
                else
                    Postpone(peer);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
        finally
        {
            Forget(peer);   // there are few places
        }

        if (!outcome.IsConnected)
            DialFailed?.Invoke(peer, outcome.Status);
    }

    private void Postpone(PeerId peer)
    {
        if (!_failing.TryGetValue(peer, out Attempts? attempts))
        {
            if (_failing.Count >= Limits.KnownPeerCountMax)
                _failing.Clear();   // somebody makes peers up; honest ones lose a pause by it, no more
            _failing.Add(peer, attempts = new Attempts(new DialBackoff(_random, Limits.DiscoveryBackoffFirst)));
        }

        attempts.NotBefore = _time.GetUtcNow() + attempts.Backoff.Next();
    }

    private void Forget(PeerId peer)
    {
        lock (_gate)
            _dialling.Remove(peer);
    }

    private sealed class Attempts(DialBackoff backoff)
    {
        public DialBackoff Backoff { get; } = backoff;

        public DateTimeOffset NotBefore { get; set; }
    }
}
