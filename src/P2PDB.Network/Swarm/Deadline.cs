namespace P2PDB.Network.Swarm;

/// <summary>A time-out joined with tokens that may end the work earlier.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _timeout;
    private readonly CancellationTokenSource _joined;

    public Deadline(TimeSpan after, TimeProvider time, CancellationToken first, CancellationToken second = default)
    {
        _timeout = new CancellationTokenSource(after, time);
        _joined = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, first, second);
    }

    /// <summary>Cancelled by whichever comes first.</summary>
    public CancellationToken Token => _joined.Token;

    /// <summary>True once the time is over.</summary>
    public bool IsExpired => _timeout.IsCancellationRequested;

    public void Dispose()
    {
        _joined.Dispose();
        _timeout.Dispose();
    }
}
