namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>
/// Judges a message before it is forwarded. Runs on the loop of the gossip: answer at once where that is possible, else return a task;
/// messages over <see cref="Limits.GossipValidationCountMax"/> whose tasks have not ended are dropped like ignored ones.
/// An exception counts as <see cref="GossipVerdict.Ignore"/>.
/// </summary>
/// <param name="message">The message; its data is borrowed until the task completes.</param>
/// <param name="cancellationToken">Ends with the gossip.</param>
public delegate ValueTask<GossipVerdict> GossipValidator(GossipMessage message, CancellationToken cancellationToken);
