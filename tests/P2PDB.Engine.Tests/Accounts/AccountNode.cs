using System.Text;
using P2PDB.Engine.Accounts;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Tests.Execution;
using P2PDB.Tests;

namespace P2PDB.Engine.Tests.Accounts;

/// <summary>A node on a volume in memory with a session of its own, which may do everything, and sessions of accounts.</summary>
internal sealed class AccountNode : IDisposable
{
    private readonly List<Session> _sessions = [];

    public AccountNode()
    {
        Database = Open();
        Root = Database.OpenSession();
    }

    public MemoryVolume Volume { get; } = new(new Random(1));

    public ManualTimeProvider Clock { get; } = new();

    public Database Database { get; private set; }

    public Session Root { get; private set; }

    public AccountSet Accounts => Root.State.Node.Accounts.Current;

    /// <summary>Logs in, as a client of this machine does.</summary>
    public Session LogIn(string user)
    {
        Session session = Database.OpenSession(new SessionOptions { User = user, Account = Database.FindAccount(user, "localhost") });
        _sessions.Add(session);
        return session;
    }

    /// <summary>Ends a session before the node does.</summary>
    public void LogOut(Session session)
    {
        _sessions.Remove(session);
        session.Dispose();
    }

    /// <summary>Runs statements that must succeed.</summary>
    public void Run(string sql) => Assert.Equal(0, Run(Root, sql));

    /// <summary>Runs statements until one fails; its error's code, or 0.</summary>
    public static int Run(Session session, string sql)
    {
        var sink = new TextSink(session);
        session.Execute(Encoding.UTF8.GetBytes(sql), sink);
        return sink.Errors.Count == 0 ? 0 : sink.Errors[^1].Code;
    }

    /// <summary>The rows of a query.</summary>
    public static string Show(Session session, string sql)
    {
        var sink = new TextSink(session);
        session.Execute(Encoding.UTF8.GetBytes(sql), sink);
        return sink.Text;
    }

    /// <summary>Kills the process, and starts another on the same disk.</summary>
    public void Restart()
    {
        Volume.Kill();
        try
        {
            Dispose();
        }
        catch (IOException)
        {
            // The old process is dead.
        }

        Volume.Restart();
        Database = Open();
        Root = Database.OpenSession();
    }

    public void Dispose()
    {
        foreach (Session session in _sessions)
            session.Dispose();
        _sessions.Clear();
        Root.Dispose();
        Database.Dispose();
    }

    private Database Open() => Database.Open("memory", new DatabaseOptions
    {
        Volume = Volume,
        Journal = new JournalOptions { SegmentLength = 8 << 20 },
        TimeProvider = Clock,
        HasTicker = false,
        Seed = 1,
    });
}
