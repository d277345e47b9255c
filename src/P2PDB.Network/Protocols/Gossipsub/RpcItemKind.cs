namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>What one item of an RPC is.</summary>
internal enum RpcItemKind : byte
{
    /// <summary>The sender subscribes to the topic.</summary>
    Subscribe,

    /// <summary>The sender ends its subscription of the topic.</summary>
    Unsubscribe,

    /// <summary>A message; the body is its protobuf.</summary>
    Message,

    /// <summary>The sender has messages of the topic; ids in field 2 of the body.</summary>
    IHave,

    /// <summary>The sender asks for messages; ids in field 1 of the body.</summary>
    IWant,

    /// <summary>The sender takes us into its mesh of the topic.</summary>
    Graft,

    /// <summary>The sender removes us from its mesh of the topic; the body has peers and back-off.</summary>
    Prune,

    /// <summary>The sender needs no copies of messages; ids in field 1 of the body.</summary>
    IDontWant,
}
