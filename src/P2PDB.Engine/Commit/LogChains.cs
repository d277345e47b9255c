using P2PDB.Engine.Apply;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Commit;

/// <summary>The chains of a database's log, as apply compares stamps by them.</summary>
internal sealed class LogChains(DatabaseLog log) : ChainDirectory
{
    /// <inheritdoc/>
    public override AuthorKey AuthorOf(int chain) => log.AuthorOf(chain);

    /// <inheritdoc/>
    public override EntryId EntryAt(int chain, HlcTimestamp hlc) => log.EntryAt(chain, hlc);
}
