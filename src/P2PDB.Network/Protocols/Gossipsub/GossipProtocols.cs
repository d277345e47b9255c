namespace P2PDB.Network.Protocols.Gossipsub;

/// <summary>The protocol ids of the versions.</summary>
internal static class GossipProtocols
{
    private static readonly string[] Ids = ["/floodsub/1.0.0", "/meshsub/1.0.0", "/meshsub/1.1.0", "/meshsub/1.2.0"];

    /// <summary>The id of a version.</summary>
    public static string IdOf(GossipProtocol protocol) => Ids[(int)protocol];

    /// <summary>The ids that a node serves, best first.</summary>
    public static IEnumerable<string> Served(bool withFloodsub)
    {
        for (int i = Ids.Length - 1; i >= (withFloodsub ? 0 : 1); i--)
            yield return Ids[i];
    }

    /// <summary>The best version among the protocols of a peer; false if it has none that is used.</summary>
    public static bool TryChoose(IEnumerable<string> protocols, bool withFloodsub, out GossipProtocol best)
    {
        int found = -1;
        foreach (string protocol in protocols)
            found = Math.Max(found, Array.IndexOf(Ids, protocol));
        best = (GossipProtocol)Math.Max(found, 0);
        return found >= (withFloodsub ? 0 : 1);
    }
}
