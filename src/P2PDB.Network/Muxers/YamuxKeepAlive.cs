namespace P2PDB.Network.Muxers;

/// <summary>Pings the remote at intervals: learns the round-trip time and ends a connection that is dead without saying so.</summary>
internal sealed class YamuxKeepAlive(YamuxConnection connection, TimeProvider time)
{
    private readonly Lock _gate = new();
    private uint _value;
    private long _sentAt;
    private TaskCompletionSource? _answer;
    private long _latencyTicks;

    /// <summary>The last round-trip time; zero before the first answer.</summary>
    public TimeSpan Latency => TimeSpan.FromTicks(Volatile.Read(ref _latencyTicks));

    /// <summary>Runs until the token ends it or the remote stays silent, which aborts the connection.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (!await PingAsync(cancellationToken).ConfigureAwait(false))
                {
                    connection.Abort(YamuxEnd.KeepAliveFailed);
                    return;
                }

                await Task.Delay(Limits.KeepAliveInterval, time, cancellationToken).ConfigureAwait(false);
                connection.SweepAbandoned();
            }
        }
        catch (OperationCanceledException)
        {
            // The connection ended.
        }
    }

    /// <summary>Takes the answer to a ping; one that was not asked for is ignored.</summary>
    public void Answered(uint value)
    {
        lock (_gate)
        {
            if (_answer is null || value != _value)
                return;

            // Never zero, which means "unknown": clocks of tests stand still.
            Volatile.Write(ref _latencyTicks, Math.Max(1, time.GetElapsedTime(_sentAt).Ticks));
            _answer.TrySetResult();
            _answer = null;
        }
    }

    private async Task<bool> PingAsync(CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _answer = answer;
            _value++;
            _sentAt = time.GetTimestamp();
        }

        if (!connection.TryAppendPing(_value))
            return false;

        try
        {
            await answer.Task.WaitAsync(Limits.KeepAliveTimeout, time, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }
}
