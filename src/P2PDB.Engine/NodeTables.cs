using P2PDB.Engine.Apply;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Sync;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine;

/// <summary>The tables of the schema p2pdb that show the log, the members and the peers.</summary>
internal static class NodeTables
{
    private const string Schema = "p2pdb";

    public static void Register(VirtualTables tables, Database database)
    {
        tables.Add(new ReadableTable(Schema, "databases",
            [
                Columns.Text("name", 64), Columns.Text("database_id", 64), Columns.Text("state_digest", 64), Columns.Unsigned("entries"),
                Columns.Text("author_key", 64), Columns.Text("access", 16),
            ],
            (_, rows) => AddDatabases(database, rows)));
        tables.Add(new ReadableTable(Schema, "authors",
            [Columns.Text("database_name", 64), Columns.Text("author_key", 64), Columns.Text("node_key", 64), Columns.Integer("is_owner")],
            (_, rows) => AddAuthors(database, rows)));
        tables.Add(new ReadableTable(Schema, "heads",
            [Columns.Text("database_name", 64), Columns.Text("author_key", 64), Columns.Unsigned("seq"), Columns.Text("entry_id", 64)],
            (_, rows) => AddHeads(database, rows)));
        tables.Add(new ReadableTable(Schema, "forks",
            [Columns.Text("database_name", 64), Columns.Text("author_key", 64), Columns.Unsigned("seq"), Columns.Text("entry_id", 64), Columns.Text("other_entry_id", 64)],
            (_, rows) => AddForks(database, rows)));
        tables.Add(new ReadableTable(Schema, "peers",
            [
                Columns.Text("peer_id", 128), Columns.Text("address"), Columns.Text("direction", 16), Columns.Text("agent"),
                Columns.Integer("syncs"), Columns.Integer("bytes_received"), Columns.Integer("bytes_sent"),
            ],
            (_, rows) => AddPeers(database, rows)));
    }

    private static void AddDatabases(Database database, VirtualRows rows)
    {
        using StoreSnapshot snapshot = database.Store.BeginRead();
        foreach ((string name, DatabaseLog log) in Logs(database))
        {
            Hash256 digest = StateDigest.Compute(snapshot, log.Id, new LogChains(log));
            rows.Add(name, log.Id.ToString(), digest.ToString(), log.EntryCount, log.OwnAuthor.ToString(), log.OwnMember is null ? "pending" : "write");
        }

        rows.SortByText(0);
    }

    private static void AddAuthors(Database database, VirtualRows rows)
    {
        foreach ((string name, DatabaseLog log) in Logs(database))
        {
            AccessState access = log.Access;
            foreach (AccessMember member in access.Members)
                rows.Add(name, member.Author.ToString(), member.NodeKey.ToString(), member.Author == access.Owner ? 1 : 0);
        }
    }

    private static void AddHeads(Database database, VirtualRows rows)
    {
        foreach ((string name, DatabaseLog log) in Logs(database))
        {
            foreach (ChainHead head in log.Published.GetVector())
                rows.Add(name, head.Author.ToString(), head.Seq, head.Head.ToString());
        }
    }

    private static void AddForks(Database database, VirtualRows rows)
    {
        foreach ((string name, DatabaseLog log) in Logs(database))
        {
            foreach (Fork fork in log.GetForks())
                rows.Add(name, fork.Author.ToString(), fork.Seq, fork.First.ToString(), fork.Second.ToString());
        }
    }

    private static void AddPeers(Database database, VirtualRows rows)
    {
        foreach (PeerStatus peer in database.Network?.Peers ?? [])
        {
            rows.Add(
                peer.PeerId, peer.Address, peer.IsOutbound ? "outbound" : "inbound", peer.Agent, peer.Syncs ? 1 : 0,
                peer.ReceivedLength, peer.SentLength);
        }
    }

    private static IEnumerable<(string Name, DatabaseLog Log)> Logs(Database database)
    {
        foreach ((string name, Hash256 id) in database.Transactions.Databases)
        {
            if (database.Log.Find(new DatabaseId(id)) is { } log)
                yield return (name, log);
        }
    }
}
