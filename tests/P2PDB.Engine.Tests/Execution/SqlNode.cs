using System.Text;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Tests.Execution;

/// <summary>A node on a volume in memory with one session, which is in an empty database of its own, <c>app</c>.</summary>
internal sealed class SqlNode : IDisposable
{
    private readonly MemoryVolume _volume = new(new Random(1));
    private Database _database;

    public SqlNode()
    {
        _database = Open();
        Session = _database.OpenSession();
        Run("CREATE DATABASE app; USE app");
    }

    public Session Session { get; private set; }

    /// <summary>Runs the statements; rows and errors as <see cref="TextSink"/> has them.</summary>
    public string Run(string sql) => Sink(sql).Text;

    /// <summary>Runs the statements.</summary>
    public TextSink Sink(string sql)
    {
        var sink = new TextSink(Session);
        Session.Execute(Encoding.UTF8.GetBytes(sql), sink);
        return sink;
    }

    /// <summary>Another session in the same database.</summary>
    public Session OpenSession()
    {
        Session session = _database.OpenSession();
        Run(session, "USE app");
        return session;
    }

    /// <summary>As <see cref="Run(string)"/>, in a session of <see cref="OpenSession"/>.</summary>
    public static string Run(Session session, string sql)
    {
        var sink = new TextSink(session);
        session.Execute(Encoding.UTF8.GetBytes(sql), sink);
        return sink.Text;
    }

    /// <summary>Ends the node and starts it again on what it wrote.</summary>
    public void Restart()
    {
        Dispose();
        _database = Open();
        Session = _database.OpenSession();
        Run("USE app");
    }

    public void Dispose()
    {
        Session.Dispose();
        _database.Dispose();
    }

    private Database Open() => Database.Open("", new DatabaseOptions { Volume = _volume, HasTicker = false, Seed = 1 });
}
