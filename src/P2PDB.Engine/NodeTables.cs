using P2PDB.Engine.Apply;
using P2PDB.Engine.Commit;
using P2PDB.Engine.Execution;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Inspection;
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
        var databases = new NodeDatabases(database.Transactions, database.Log);
        tables.Add(new ListedTable(Schema, "databases",
            [
                Columns.Text("name", 64), Columns.Text("database_id", 64), Columns.Text("state_digest", 64), Columns.Unsigned("entries"),
                Columns.Text("author_key", 64), Columns.Text("access", 16),
            ],
            (_, rows) => AddDatabases(database, databases, rows)));
        tables.Add(new ListedTable(Schema, "authors", AuthorRows.TableColumns, (context, rows) => AuthorRows.Add(databases, context, rows)));
        tables.Add(new ListedTable(Schema, "heads", HeadRows.TableColumns, (context, rows) => HeadRows.Add(databases, context, rows)));
        tables.Add(new StreamedTable(Schema, "log", LogStream.TableColumns, (context, bounds) => new LogStream(databases, context, bounds)));
        tables.Add(new StreamedTable(Schema, "history", HistoryStream.TableColumns, (context, bounds) => new HistoryStream(databases, context, bounds)));
        tables.Add(new StreamedTable(Schema, "conflicts", ConflictStream.TableColumns, (context, bounds) => new ConflictStream(databases, context, bounds)));
        tables.Add(new StreamedTable(Schema, "rights", RightsStream.TableColumns, (context, bounds) => new RightsStream(databases, context, bounds)));
        tables.Add(new ListedTable(Schema, "forks",
            [Columns.Text("database_name", 64), Columns.Text("author_key", 64), Columns.Unsigned("seq"), Columns.Text("entry_id", 64), Columns.Text("other_entry_id", 64)],
            (_, rows) => AddForks(databases, rows)));
        tables.Add(new ListedTable(Schema, "peers",
            [
                Columns.Text("peer_id", 128), Columns.Text("address"), Columns.Text("direction", 16), Columns.Text("agent"),
                Columns.Integer("syncs"), Columns.Integer("bytes_received"), Columns.Integer("bytes_sent"),
                Columns.Unsigned("latency_us"), Columns.Text("shared_databases"), EntryColumns.TimeColumn("last_received"),
            ],
            (context, rows) => AddPeers(database, databases, context, rows)));
    }

    private static void AddDatabases(Database database, NodeDatabases databases, VirtualRows rows)
    {
        using StoreSnapshot snapshot = database.Store.BeginRead();
        foreach ((string name, DatabaseLog log) in databases.List())
        {
            Hash256 digest = StateDigest.Compute(snapshot, log.Id, new LogChains(log));
            rows.Add(name, log.Id.ToString(), digest.ToString(), log.EntryCount, log.OwnAuthor.ToString(), log.OwnMember is null ? "pending" : "write");
        }
    }

    private static void AddForks(NodeDatabases databases, VirtualRows rows)
    {
        foreach ((string name, DatabaseLog log) in databases.List())
        {
            foreach (Fork fork in log.GetForks())
                rows.Add(name, fork.Author.ToString(), fork.Seq, fork.First.ToString(), fork.Second.ToString());
        }
    }

    private static void AddPeers(Database database, NodeDatabases databases, StatementContext context, VirtualRows rows)
    {
        foreach (PeerStatus peer in database.Network?.Peers ?? [])
        {
            List<string> shared = [];
            foreach ((string name, DatabaseLog log) in databases.List())
            {
                if (peer.Key is { } key && log.Access.FindNode(key) is not null)
                    shared.Add(name);
            }

            rows.Add(
                peer.PeerId, peer.Address, peer.IsOutbound ? "outbound" : "inbound", peer.Agent, peer.Syncs ? 1 : 0,
                peer.ReceivedLength, peer.SentLength, (long)peer.Latency.TotalMicroseconds, string.Join(',', shared),
                peer.LastReceived is { } last ? context.Evaluation.TimeZone.ToLocal(last.ToUnixTimeMilliseconds() * 1000).Packed : null);
        }
    }
}
