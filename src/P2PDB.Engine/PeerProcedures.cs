using P2PDB.Engine.Execution;
using P2PDB.Engine.Sync;
using P2PDB.Engine.Types;

namespace P2PDB.Engine;

/// <summary><c>CALL p2pdb.add_peer</c> and <c>CALL p2pdb.remove_peer</c>: whom this node stays connected to.</summary>
internal sealed class PeerProcedures(NodeContext node, Func<IPeerNetwork?> network)
{
    /// <summary>Adds the procedures to those of the node.</summary>
    public void Register()
    {
        node.Procedures.Add(new BuiltInProcedure("add_peer", 1, 1, [], Add));
        node.Procedures.Add(new BuiltInProcedure("remove_peer", 1, 1, [], Remove));
    }

    private List<object?[]> Add(SessionState session, string?[] arguments)
    {
        if (!NetworkFor("p2pdb.add_peer").TryKeep([arguments[0] ?? ""]))
        {
            throw SqlErrors.UnknownError(
                $"p2pdb.add_peer: '{arguments[0]}' is no address of another peer, such as '/ip4/192.0.2.1/tcp/4001/p2p/12D3KooW…'").ToException();
        }

        return [];
    }

    private List<object?[]> Remove(SessionState session, string?[] arguments)
    {
        if (!NetworkFor("p2pdb.remove_peer").TryLetGo(arguments[0] ?? ""))
        {
            throw SqlErrors.UnknownError(
                $"p2pdb.remove_peer: '{arguments[0]}' is no peer that this node keeps or is connected to; p2pdb.peers lists them").ToException();
        }

        return [];
    }

    private IPeerNetwork NetworkFor(string procedure) =>
        network() ?? throw SqlErrors.UnknownError($"{procedure}: this node has no network; start it with --p2p").ToException();
}
