namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>What messages must and must not carry. All nodes of a topic need the same.</summary>
public enum SigningPolicy : byte
{
    /// <summary>Author, sequence number and signature; everything else is refused.</summary>
    StrictSign,

    /// <summary>None of author, sequence number, signature and key; messages that have any are refused.</summary>
    StrictNoSign,
}
