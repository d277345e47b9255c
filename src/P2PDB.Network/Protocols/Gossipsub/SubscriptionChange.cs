namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>A peer began or ended its subscription of a topic.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="IsSubscribed">True if it subscribes from now on.</param>
public readonly record struct SubscriptionChange(string Topic, bool IsSubscribed);
