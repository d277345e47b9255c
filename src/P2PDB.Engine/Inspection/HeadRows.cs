using P2PDB.Engine.Execution;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Log;
using P2PDB.Engine.Planning;

namespace P2PDB.Engine.Inspection;

/// <summary>The rows of p2pdb.heads: the durable end of each chain and branch.</summary>
internal static class HeadRows
{
    /// <summary>The table's columns.</summary>
    public static RelationColumn[] TableColumns { get; } = EntryColumns.With(Columns.Text("standing", 16), Columns.Integer("is_head"));

    /// <summary>Adds the rows.</summary>
    public static void Add(NodeDatabases databases, StatementContext context, VirtualRows rows)
    {
        foreach ((string name, DatabaseLog log) in databases.List())
        {
            foreach (ChainHead head in log.Published.GetVector())
            {
                if (!log.Held.TryFind(head.Head, out HeldEntry entry))
                    continue;   // The database was dropped meanwhile.
                rows.Add(
                    name, head.Author.ToString(), head.Seq, head.Head.ToString(), EntryColumns.TimeOf(entry.Hlc, context.Evaluation.TimeZone),
                    entry.Hlc.Counter, EntryColumns.NameOf(entry.Standing), log.Held.IsHead(head.Head) ? 1 : 0);
            }
        }
    }
}
