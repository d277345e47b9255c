using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace P2PDB.Network.Muxers;

/// <summary>
/// A reusable wait of one caller for a change that somebody else makes under <paramref name="gate"/>. Allocates nothing per wait.
/// Continuations run on the thread pool, never on the connection's read loop.
/// </summary>
internal sealed class StreamWaiter(Lock gate) : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core = new() { RunContinuationsAsynchronously = true };
    private bool _isWaiting;

    /// <summary>Starts to wait. Call it under the gate, after the state was seen not to be ready.</summary>
    /// <exception cref="InvalidOperationException">Somebody else waits already: one reader and one writer per stream.</exception>
    public ValueTask StartAsync()
    {
        if (_isWaiting)
            throw new InvalidOperationException("Another call of the same kind is waiting on this stream.");

        _core.Reset();
        _isWaiting = true;
        return new ValueTask(this, _core.Version);
    }

    /// <summary>Ends the wait, if there is one. Call it under the gate.</summary>
    public void Release()
    {
        if (!_isWaiting)
            return;

        _isWaiting = false;
        _core.SetResult(true);
    }

    /// <summary>Waits for the started wait to end or for the token. Call it outside the gate.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WaitAsync(ValueTask started, CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (waiter, token) => ((StreamWaiter)waiter!).Cancel(token), this);
        await started.ConfigureAwait(false);
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken token)
    {
        lock (gate)
        {
            if (!_isWaiting)
                return;

            _isWaiting = false;
            _core.SetException(new OperationCanceledException(token));
        }
    }
}
