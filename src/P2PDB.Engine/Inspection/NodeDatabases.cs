using P2PDB.Engine.Log;
using P2PDB.Engine.Transactions;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Inspection;

/// <summary>The databases of a node with their logs, under the names that they have here.</summary>
internal sealed class NodeDatabases(TransactionSource transactions, NodeLog log)
{
    /// <summary>Store, log, commits and locks.</summary>
    public TransactionSource Transactions { get; } = transactions;

    /// <summary>The databases as of now, by name.</summary>
    public List<(string Name, DatabaseLog Log)> List()
    {
        List<(string Name, DatabaseLog Log)> list = [];
        foreach ((string name, Hash256 id) in Transactions.Databases)
        {
            if (log.Find(new DatabaseId(id)) is { } found)
                list.Add((name, found));
        }

        list.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return list;
    }
}
