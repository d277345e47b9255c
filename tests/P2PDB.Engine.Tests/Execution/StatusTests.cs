using System.Globalization;
using System.Text;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Tests.Execution;

/// <summary>SHOW STATUS counts what was done, by session and on the node.</summary>
public sealed class StatusTests : IDisposable
{
    private readonly Database _database = Database.Open(
        "", new DatabaseOptions { Volume = new MemoryVolume(new Random(1)), HasTicker = false, Seed = 1 });
    private readonly Session _session;

    public StatusTests()
    {
        _session = _database.OpenSession();
        Run(_session, "CREATE DATABASE app; USE app; CREATE TABLE t (id INT PRIMARY KEY, n INT); CREATE TABLE u LIKE t");
    }

    public void Dispose()
    {
        _session.Dispose();
        _database.Dispose();
    }

    [Fact]
    public void Statements_are_counted_by_kind()
    {
        using Session other = Open();

        Run(other, """
            INSERT INTO t VALUES (1, 1), (2, 2), (3, 3);
            INSERT INTO t VALUES (4, 4);
            INSERT INTO u SELECT * FROM t;
            REPLACE INTO t VALUES (1, 10);
            UPDATE t SET n = 5 WHERE id = 2;
            UPDATE t, u SET t.n = 6 WHERE t.id = u.id AND u.id = 3;
            BEGIN; DELETE FROM t WHERE id = 4; ROLLBACK; BEGIN; SAVEPOINT s; COMMIT;
            SET @a = 2; PREPARE p FROM 'SELECT ?'; EXECUTE p USING @a; SELECT * FROM t WHERE id = 1; SELECT * FROM t WHERE id = 2
            """);
        Assert.Equal("error 1146", Run(other, "DELETE FROM nowhere"));
        Assert.Equal("error 1064", Run(other, "no statement"));

        Assert.Equal(
            "Com_begin|2\nCom_change_db|1\nCom_commit|1\nCom_delete|2\nCom_execute_sql|1\nCom_insert|2\nCom_insert_select|1\nCom_prepare_sql|1"
            + "\nCom_replace|1\nCom_rollback|1\nCom_savepoint|1\nCom_select|3\nCom_set_option|1\nCom_update|1\nCom_update_multi|1",
            Run(other, "SHOW STATUS WHERE Variable_name LIKE 'Com\\_%' AND Value > 0"));
        Assert.Equal("Questions|22", Run(other, "SHOW STATUS LIKE 'Questions'"));
    }

    [Fact]
    public void Rows_are_counted_on_the_node()
    {
        Run(_session, """
            INSERT INTO t VALUES (1, 1), (2, 2), (3, 3); UPDATE t SET n = n + 1 WHERE id < 3; UPDATE t SET n = 2 WHERE id = 1;
            DELETE FROM t WHERE id = 3; SELECT * FROM t
            """);
        string expected = "Innodb_rows_deleted|1\nInnodb_rows_inserted|3\nInnodb_rows_read|6\nInnodb_rows_updated|2";

        Assert.Equal(expected, Run(_session, "SHOW GLOBAL STATUS LIKE 'Innodb\\_rows%'"));
        using Session other = Open();
        Assert.Equal(expected, Run(other, "SHOW STATUS LIKE 'Innodb\\_rows%'"));
    }

    [Fact]
    public void The_node_counts_what_ended_sessions_did()
    {
        long before = Number("SHOW GLOBAL STATUS LIKE 'Com_do'");
        for (int i = 0; i < 3; i++)
        {
            using Session other = Open();
            Run(other, "DO 1");
        }

        using (Session open = Open())
        {
            Run(open, "DO 1; DO 2");
            Assert.Equal(before + 5, Number("SHOW GLOBAL STATUS LIKE 'Com_do'"));
            Assert.Equal(2, Number("SHOW GLOBAL STATUS LIKE 'Threads_connected'"));
            Assert.Equal(1, Number("SHOW GLOBAL STATUS LIKE 'Threads_running'"));
        }

        Assert.Equal(before + 5, Number("SHOW GLOBAL STATUS LIKE 'Com_do'"));
        Assert.Equal(0, Number("SHOW SESSION STATUS LIKE 'Com_do'"));
        Assert.Equal(5, Number("SHOW GLOBAL STATUS LIKE 'Connections'"));
        Assert.Equal(_database.StatementCount + 1, Number("SHOW GLOBAL STATUS LIKE 'Queries'"));
    }

    [Fact]
    public void Traffic_is_what_the_connection_reports()
    {
        _session.CountTraffic(100, 2_000);
        _session.CountTraffic(1, 1);

        Assert.Equal("Bytes_received|101\nBytes_sent|2001", Run(_session, "SHOW STATUS LIKE 'Bytes%'"));
    }

    [Fact]
    public void The_provider_of_signatures_is_named()
    {
        Assert.Matches("^P2pdb_crypto_provider\\|(libsodium|OpenSSL) [0-9]", Run(_session, "SHOW STATUS LIKE 'P2pdb\\_crypto%'"));
    }

    [Fact]
    public void Checkpoints_of_a_store_of_pages_are_counted()
    {
        using Database database = Database.Open(
            "", new DatabaseOptions { Volume = new MemoryVolume(new Random(1)), HasTicker = false, Seed = 1, Store = StoreKind.File, StoreMemory = 16 << 20 });
        using Session session = database.OpenSession();
        const string Checkpoints = "SHOW STATUS LIKE 'P2pdb\\_checkpoint%'";
        Assert.Equal("P2pdb_checkpoint_running|OFF\nP2pdb_checkpoints|0", Run(session, Checkpoints));
        database.MakeCheckpoint();
        Assert.Equal("P2pdb_checkpoint_running|OFF\nP2pdb_checkpoints|1", Run(session, Checkpoints));
    }

    private Session Open()
    {
        Session session = _database.OpenSession();
        session.UseDatabase("app");
        Run(session, "USE app");
        return session;
    }

    private long Number(string show) => long.Parse(Run(_session, show).Split('|')[1], CultureInfo.InvariantCulture);

    private static string Run(Session session, string sql)
    {
        var sink = new TextSink(session);
        session.Execute(Encoding.UTF8.GetBytes(sql), sink);
        return sink.Text;
    }
}
