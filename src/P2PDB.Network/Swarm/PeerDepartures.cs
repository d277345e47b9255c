namespace P2PDB.Network.Swarm;

/// <summary>Wakes whoever waits for a peer to be gone.</summary>
internal sealed class PeerDepartures
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Some peer's last connection ended.</summary>
    public void Announce()
    {
        lock (_gate)
        {
            _next.TrySetResult();
            _next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Waits until the condition holds, looking again after each departure.</summary>
    public async Task WaitAsync(Func<bool> isGone, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (_gate)
                next = _next.Task;
            if (isGone())
                return;

            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
