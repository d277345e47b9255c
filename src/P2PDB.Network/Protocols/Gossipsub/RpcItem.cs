namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>One item of an RPC. Borrows the RPC's bytes.</summary>
internal readonly ref struct RpcItem(RpcItemKind kind, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> body)
{
    /// <summary>What it is.</summary>
    public RpcItemKind Kind { get; } = kind;

    /// <summary>The topic, UTF-8 not checked; empty where the kind has none or it is absent.</summary>
    public ReadOnlySpan<byte> Topic { get; } = topic;

    /// <summary>The item's own protobuf.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;

    /// <summary>The number of the field in which the body has ids, where the kind has ids.</summary>
    public int IdField => Kind == RpcItemKind.IHave ? 2 : 1;
}
