using P2PDB.Engine.Log;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Apply;

/// <summary>The order of stamps as an applier with planted bugs sees it; without any, the true one.</summary>
internal sealed class StampRule : ChainDirectory
{
    private readonly ChainDirectory _chains;

    private StampRule(ChainDirectory chains) => _chains = chains;

    /// <summary>The order to be used under the given faults.</summary>
    public static ChainDirectory Of(ChainDirectory chains, MergeFaults faults) =>
        faults.IsTieBreakOff ? new StampRule(chains) : chains;

    public override AuthorKey AuthorOf(int chain) => _chains.AuthorOf(chain);

    public override EntryId EntryAt(int chain, HlcTimestamp hlc) => _chains.EntryAt(chain, hlc);

    /// <summary>The planted bug: whichever is asked about first counts as the later one.</summary>
    protected override int CompareChains(in Stamp left, in Stamp right) => 1;
}
