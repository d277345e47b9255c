using System.Globalization;
using P2PDB.Engine.Tests.Sync;

namespace P2PDB.Engine.Tests.Inspection;

/// <summary>p2pdb.log, p2pdb.authors and p2pdb.heads show what two nodes hold of each other's writing.</summary>
public sealed class LogTableTests : IDisposable
{
    private readonly SqlPair _pair = new("CREATE TABLE t (id INT PRIMARY KEY, v TEXT); CREATE DATABASE other; CREATE TABLE other.t (id INT PRIMARY KEY)");

    public LogTableTests()
    {
        Assert.Equal("", Guest("INSERT INTO t VALUES (1, 'guest'); UPDATE t SET v = 'again'"));
        Assert.Equal("", Own("INSERT INTO t VALUES (2, 'own')"));
        _pair.Meet();
        Assert.Equal("", Own("BEGIN; INSERT INTO t VALUES (3, 'own'); INSERT INTO t VALUES (4, 'own'); COMMIT"));
        _pair.Meet();
    }

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void Every_entry_is_there_on_both_nodes_alike()
    {
        const string Entries = "SELECT author_key, seq, entry_id, time, counter, standing, parents, operations, bytes, flags FROM p2pdb.log "
            + "WHERE database_name = 'app' ORDER BY author_key, seq";
        string own = Own(Entries);

        Assert.Equal(own, Guest(Entries));
        Assert.Equal(Own("SELECT entries FROM p2pdb.databases WHERE name = 'app'"), Own("SELECT COUNT(*) FROM p2pdb.log WHERE database_name = 'app'"));
        Assert.Equal("0|not admitted", Own("SELECT seq, standing FROM p2pdb.log WHERE standing <> 'effective'"));   // the guest's claim
        Assert.Equal("genesis|0", Own("SELECT flags, parents FROM p2pdb.log l JOIN p2pdb.databases d ON d.name = l.database_name AND d.database_id = l.entry_id WHERE name = 'app'"));
        Assert.Equal("2", Own("SELECT operations FROM p2pdb.log WHERE database_name = 'app' ORDER BY time DESC, counter DESC LIMIT 1"));
        Assert.Equal("1", Own("SELECT COUNT(*) >= 2 FROM p2pdb.log WHERE database_name = 'other'"));
    }

    [Theory]
    [InlineData("seq = 1")]
    [InlineData("seq > 0 AND seq < 3")]
    [InlineData("seq >= 2 AND database_name = 'app'")]
    [InlineData("seq = 9999")]
    [InlineData("seq < 0")]
    [InlineData("database_name LIKE 'o%'")]
    [InlineData("database_name = 'none'")]
    [InlineData("standing = 'void'")]
    [InlineData("flags = 'genesis'")]
    [InlineData("time > '2200-01-01'")]
    [InlineData("author_key = (SELECT author_key FROM p2pdb.authors WHERE is_owner AND database_name = 'app')")]
    public void A_condition_leaves_out_what_it_would_leave_out_above(string condition)
    {
        string columns = "database_name, seq, entry_id, standing, flags, bytes";
        Assert.Equal(
            Own($"SELECT {columns} FROM (SELECT DISTINCT * FROM p2pdb.log LIMIT 1000) AS l WHERE {condition} ORDER BY entry_id"),
            Own($"SELECT {columns} FROM p2pdb.log WHERE {condition} ORDER BY entry_id"));
    }

    [Fact]
    public void Entries_are_found_by_their_ids()
    {
        string[] ids = Own("SELECT entry_id FROM p2pdb.log WHERE database_name = 'app' ORDER BY seq DESC LIMIT 2").Split('\n');

        Assert.Equal(ids[0], Own($"SELECT entry_id FROM p2pdb.log WHERE entry_id = '{ids[0]}'"));
        Assert.Equal(ids[0], Own($"SELECT entry_id FROM p2pdb.log WHERE entry_id = '{ids[0].ToUpperInvariant()}'"));
        Assert.Equal("2", Own($"SELECT COUNT(*) FROM p2pdb.log WHERE entry_id IN ('{ids[0]}', '{ids[1]}', '{ids[0]}')"));
        Assert.Equal("", Own($"SELECT seq FROM p2pdb.log WHERE entry_id = '{ids[0]}' AND database_name = 'other'"));
        Assert.Equal("", Own($"SELECT seq FROM p2pdb.log WHERE entry_id = '{ids[0]}' AND author_key = 'nobody'"));
        Assert.Equal("", Own($"SELECT seq FROM p2pdb.log WHERE entry_id = '{new string('0', 64)}'"));
        Assert.Equal("", Own("SELECT seq FROM p2pdb.log WHERE entry_id = 'no id'"));
    }

    [Fact]
    public void Authors_have_their_entries_counted()
    {
        const string Counts = "SELECT a.author_key, a.entries, a.last_seq, a.last_entry_id, a.first_time, a.last_time FROM p2pdb.authors a WHERE a.database_name = 'app' ORDER BY 1";
        const string Counted = "SELECT author_key, COUNT(*), MAX(seq), (SELECT entry_id FROM p2pdb.heads h WHERE h.author_key = l.author_key), MIN(time), MAX(time) "
            + "FROM p2pdb.log l WHERE database_name = 'app' GROUP BY author_key ORDER BY 1";

        Assert.Equal(Own(Counted), Own(Counts));
        Assert.Equal(Own(Counts), Guest(Counts));
        Assert.Equal("1|1|1|1\n0|1|0|1", Own("SELECT is_owner, is_member, is_own, branches FROM p2pdb.authors WHERE database_name = 'app' ORDER BY 1 DESC"));
    }

    [Fact]
    public void Heads_are_the_ends_of_the_chains()
    {
        Assert.Equal("2", Own("SELECT COUNT(*) FROM p2pdb.heads WHERE database_name = 'app'"));
        Assert.Equal("1", Own("SELECT SUM(is_head) FROM p2pdb.heads WHERE database_name = 'app'"));
        Assert.Equal("", Own("SELECT h.seq FROM p2pdb.heads h LEFT JOIN p2pdb.log l ON l.entry_id = h.entry_id AND l.seq = h.seq AND l.time = h.time WHERE l.seq IS NULL"));
    }

    [Fact]
    public void Times_are_those_of_the_session()
    {
        Own("SET time_zone = '+00:00'");
        string utc = Own("SELECT MAX(time) FROM p2pdb.log");
        Own("SET time_zone = '+05:00'");
        string east = Own("SELECT MAX(time) FROM p2pdb.log");

        Assert.Equal(TimeSpan.FromHours(5), DateTime.Parse(east, CultureInfo.InvariantCulture) - DateTime.Parse(utc, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_dropped_database_is_not_in_the_log()
    {
        Assert.Equal("", Own("DROP DATABASE other"));

        Assert.Equal("0", Own("SELECT COUNT(*) FROM p2pdb.log WHERE database_name = 'other'"));
    }

    private string Own(string sql) => _pair.RunAtOwner(sql);

    private string Guest(string sql) => _pair.RunAtGuest(sql);
}
