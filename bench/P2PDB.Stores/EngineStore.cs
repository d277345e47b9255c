using System.Globalization;
using System.Text;
using P2PDB.Engine;

namespace P2PDB.Stores;

/// <summary>P2PDB's engine with rows in pages and commits that are synced once a second (mode 0); the pages have room in memory.</summary>
internal sealed class EngineStore : IDisposable
{
    private const int InsertedCount = 1_000;

    public EngineStore(string directory)
    {
        Database = Database.Open(Path.Combine(directory, "p2pdb"), new DatabaseOptions { Store = StoreKind.File, StoreMemory = 768L << 20, FlushMode = 0 });
        Session = Database.OpenSession();
        Session.Execute("CREATE DATABASE bench; USE bench"u8, ResultSink.Discard);
        Session.Execute(Encoding.ASCII.GetBytes(
            $"CREATE TABLE t (id BIGINT PRIMARY KEY, k BIGINT NOT NULL, v VARBINARY({RowStore.ValueLength}) NOT NULL)"), ResultSink.Discard);
    }

    public Database Database { get; }

    public Session Session { get; }

    public void Load(int count)
    {
        var text = new StringBuilder();
        for (int first = 0; first < count; first += InsertedCount)
        {
            text.Clear().Append("INSERT INTO t VALUES ");
            for (int id = first; id < Math.Min(first + InsertedCount, count); id++)
                text.Append(CultureInfo.InvariantCulture, $"{(id == first ? "" : ",")}({id},{id},REPEAT(x'00',{RowStore.ValueLength}))");
            Session.Execute(Encoding.ASCII.GetBytes(text.ToString()), ResultSink.Discard);
        }
    }

    public void Dispose()
    {
        Session.Dispose();
        Database.Dispose();
    }
}
