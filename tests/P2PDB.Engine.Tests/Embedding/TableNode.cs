using System.Text;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Tests.Execution;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Tests.Embedding;

/// <summary>A node on a volume in memory with one session and one table of the database <c>app</c>, open by its handle.</summary>
internal sealed class TableNode : IDisposable
{
    public TableNode(string columns, StoreKind store = StoreKind.File)
    {
        Database = Database.Open("", new DatabaseOptions { Volume = new MemoryVolume(new Random(1)), HasTicker = false, Seed = 1, Store = store });
        Session = Database.OpenSession();
        Run("CREATE DATABASE app; USE app; CREATE TABLE t (" + columns + ")");
        Table = Session.OpenTable("app", "t");
        Row = Table.NewRow();
    }

    public Database Database { get; }

    public Session Session { get; }

    public TableHandle Table { get; }

    public RowWriter Row { get; }

    /// <summary>Runs SQL on the handle's session; rows and errors as <see cref="TextSink"/> has them.</summary>
    public string Run(string sql) => Run(Session, sql);

    /// <summary>Runs SQL on another session of the node.</summary>
    public static string Run(Session session, string sql)
    {
        var sink = new TextSink(session);
        session.Execute(Encoding.UTF8.GetBytes(sql), sink);
        return sink.Text;
    }

    /// <summary>The code of the error that a call ends with.</summary>
    public static int Error(Action call) => Assert.Throws<SqlException>(call).Error.Code;

    /// <summary>All columns of a row as SQL shows them, joined by |.</summary>
    public static string Show(TableHandle table, RowReader row)
    {
        var text = new StringBuilder();
        for (int i = 0; i < table.Columns.Length; i++)
            text.Append(i > 0 ? "|" : "").Append(row.IsNull(i) ? "NULL" : Encoding.UTF8.GetString(row.GetText(i)));
        return text.ToString();
    }

    /// <summary>The row of a key as SQL shows it; "none" where there is none.</summary>
    public string Get(TableKey key) => Table.TryGet(key, out RowReader row) ? Show(Table, row) : "none";

    /// <summary>The first columns of the rows of a scan, joined by commas.</summary>
    public string Scan(TableKey? from = null, TableKey? to = null, ScanOptions options = ScanOptions.None)
    {
        List<string> firsts = [];
        foreach (RowReader row in Table.Scan(from, to, options))
            firsts.Add(Encoding.UTF8.GetString(row.GetText(0)));
        return string.Join(',', firsts);
    }

    public void Dispose()
    {
        Table.Dispose();
        Session.Dispose();
        Database.Dispose();
    }
}
