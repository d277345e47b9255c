namespace P2PDB.Network.Swarm;

/// <summary>
/// The tasks a swarm has started and not yet seen the end of, so that closing can wait for them. Each is bounded by a limit of its own:
/// connections, streams, pending upgrades.
/// </summary>
internal sealed class RunningTasks
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count = 1;   // one for being open
    private bool _isEnding;

    /// <summary>Starts the work on the thread pool; false once <see cref="EndAsync"/> was called. The work must not throw.</summary>
    public bool TryStart(Func<Task> work)
    {
        lock (_gate)
        {
            if (_isEnding)
                return false;

            _count++;
        }

        _ = RunAsync(work);   // counted until its end
        return true;
    }

    /// <summary>Starts nothing more and waits for what runs, no longer than the time-out.</summary>
    public async Task EndAsync(TimeSpan timeout, TimeProvider time)
    {
        lock (_gate)
        {
            if (!_isEnding)
            {
                _isEnding = true;
                Release();
            }
        }

        try
        {
            await _ended.Task.WaitAsync(timeout, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // A handler that does not heed its token is left behind; its stream is reset already.
        }
    }

    private async Task RunAsync(Func<Task> work)
    {
        await Task.Yield();
        try
        {
            await work().ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
                Release();
        }
    }

    private void Release()
    {
        if (--_count == 0)
            _ended.TrySetResult();
    }
}
