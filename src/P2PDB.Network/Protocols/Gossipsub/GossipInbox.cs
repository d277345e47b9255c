using System.Threading.Channels;

namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>What waits for the gossip's loop. Bounded: callers and readers wait where it is full.</summary>
internal sealed class GossipInbox
{
    private readonly Channel<GossipWork> _work = Channel.CreateBounded<GossipWork>(
        new BoundedChannelOptions(Limits.GossipInboxCount) { SingleReader = true });

    /// <summary>What came, in order.</summary>
    public ChannelReader<GossipWork> Work => _work.Reader;

    /// <summary>Has the loop do something.</summary>
    public ValueTask PostAsync(Action call, CancellationToken cancellationToken) =>
        _work.Writer.WriteAsync(new GossipWork(call, null), cancellationToken);

    /// <summary>Has the loop do something and waits for what it gives.</summary>
    public async Task<T> AskAsync<T>(Func<T> ask, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        await PostAsync(Answer, cancellationToken).ConfigureAwait(false);
        return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);

        void Answer()
        {
            try
            {
                answer.SetResult(ask());
            }
            catch (Exception failure)
            {
                answer.SetException(failure);   // the caller's to know; the loop goes on
            }
        }
    }

    /// <summary>Has the loop take the RPCs of a stream.</summary>
    public ValueTask LendAsync(InboundStream stream, CancellationToken cancellationToken) =>
        _work.Writer.WriteAsync(new GossipWork(null, stream), cancellationToken);
}
