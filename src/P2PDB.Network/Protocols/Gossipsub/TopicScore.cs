namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>The counters of one peer in one topic.</summary>
internal sealed class TopicScore(TopicScoreOptions options)
{
    private TimeSpan _graftedAt;
    private TimeSpan _meshTime;
    private double _firstDeliveries;
    private double _meshDeliveries;
    private double _meshFailures;
    private double _invalidDeliveries;
    private bool _isActive;

    /// <summary>True while the peer is in the mesh.</summary>
    public bool IsInMesh { get; private set; }

    /// <summary>True if nothing is counted and the peer is not in the mesh.</summary>
    public bool IsZero => !IsInMesh && _firstDeliveries == 0 && _meshDeliveries == 0 && _meshFailures == 0 && _invalidDeliveries == 0;

    /// <summary>P1 to P4, weighted.</summary>
    public double Value
    {
        get
        {
            double score = 0;
            if (IsInMesh)
                score += options.TimeInMeshWeight * Math.Min(_meshTime / options.TimeInMeshQuantum, options.TimeInMeshCap);
            score += options.FirstMessageDeliveriesWeight * _firstDeliveries;
            if (_isActive)
                score += options.MeshMessageDeliveriesWeight * SquaredDeficit;
            score += options.MeshFailurePenaltyWeight * _meshFailures;
            score += options.InvalidMessageDeliveriesWeight * _invalidDeliveries * _invalidDeliveries;
            return score * options.Weight;
        }
    }

    /// <summary>How long after a message was accepted a copy still counts.</summary>
    public TimeSpan Window => options.MeshMessageDeliveriesWindow;

    private double SquaredDeficit
    {
        get
        {
            double deficit = Math.Max(0, options.MeshMessageDeliveriesThreshold - _meshDeliveries);
            return deficit * deficit;
        }
    }

    /// <summary>The peer entered the mesh.</summary>
    public void Graft(TimeSpan now)
    {
        IsInMesh = true;
        _graftedAt = now;
        _meshTime = TimeSpan.Zero;
        _isActive = false;
    }

    /// <summary>The peer left the mesh; a deficit sticks.</summary>
    public void Prune()
    {
        if (IsInMesh && _isActive)
            _meshFailures += SquaredDeficit;
        IsInMesh = false;
        _isActive = false;
    }

    /// <summary>The peer delivered an accepted message first.</summary>
    public void CountFirst()
    {
        _firstDeliveries = Math.Min(_firstDeliveries + 1, options.FirstMessageDeliveriesCap);
        CountCopy();
    }

    /// <summary>The peer delivered an accepted message soon after the first.</summary>
    public void CountCopy()
    {
        if (IsInMesh)
            _meshDeliveries = Math.Min(_meshDeliveries + 1, options.MeshMessageDeliveriesCap);
    }

    /// <summary>The peer delivered a rejected message.</summary>
    public void CountInvalid() => _invalidDeliveries++;

    /// <summary>What the peer delivered first is forgotten when it leaves, so that coming back earns nothing.</summary>
    public void ForgetDeliveries() => _firstDeliveries = 0;

    /// <summary>Lets the counters decay and the time in the mesh grow.</summary>
    public void Decay(TimeSpan now, double toZero)
    {
        _firstDeliveries = Decayed(_firstDeliveries, options.FirstMessageDeliveriesDecay, toZero);
        _meshDeliveries = Decayed(_meshDeliveries, options.MeshMessageDeliveriesDecay, toZero);
        _meshFailures = Decayed(_meshFailures, options.MeshFailurePenaltyDecay, toZero);
        _invalidDeliveries = Decayed(_invalidDeliveries, options.InvalidMessageDeliveriesDecay, toZero);
        if (!IsInMesh)
            return;

        _meshTime = now - _graftedAt;
        _isActive |= _meshTime > options.MeshMessageDeliveriesActivation;
    }

    /// <summary>A counter after one decay.</summary>
    public static double Decayed(double counter, double factor, double toZero) => counter * factor < toZero ? 0 : counter * factor;
}
