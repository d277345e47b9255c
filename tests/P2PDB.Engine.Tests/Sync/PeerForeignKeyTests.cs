namespace P2PDB.Engine.Tests.Sync;

/// <summary>What shows where one node removes a parent and another writes a child of it apart: as the foreign key says, on both alike.</summary>
public sealed class PeerForeignKeyTests : IDisposable
{
    private const string Conflicts = "SELECT kind, table_name, row_key, subject, rule, kept_row_key FROM p2pdb.conflicts WHERE rule = 'foreign key'";

    private readonly SqlPair _pair = new(
        "CREATE TABLE p (id INT PRIMARY KEY, code INT UNIQUE, note VARCHAR(9));"
        + "CREATE TABLE r (id INT PRIMARY KEY, pid INT, CONSTRAINT r1 FOREIGN KEY (pid) REFERENCES p (id));"
        + "CREATE TABLE c (id INT PRIMARY KEY, pid INT, name VARCHAR(9) UNIQUE, CONSTRAINT c1 FOREIGN KEY (pid) REFERENCES p (id) ON DELETE CASCADE);"
        + "CREATE TABLE n (id INT PRIMARY KEY, pid INT, CONSTRAINT n1 FOREIGN KEY (pid) REFERENCES p (id) ON DELETE SET NULL);"
        + "CREATE TABLE k (id INT PRIMARY KEY, code INT, CONSTRAINT k1 FOREIGN KEY (code) REFERENCES p (code) ON DELETE CASCADE ON UPDATE CASCADE);"
        + "CREATE TABLE u (id INT PRIMARY KEY, pid INT, x INT UNIQUE, CONSTRAINT u1 FOREIGN KEY (pid) REFERENCES p (id));"
        + "INSERT INTO p VALUES (1, 10, 'one'), (2, 20, 'two')");

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void A_parent_that_RESTRICT_keeps_shows_again_until_its_children_are_gone()
    {
        Apart("DELETE FROM p WHERE id = 1", "INSERT INTO r VALUES (5, 1)");

        _pair.AssertBoth("1|10|one\n2|20|two", "SELECT * FROM p ORDER BY id");
        _pair.AssertBoth("1", "SELECT id FROM p WHERE code = 10");
        _pair.AssertBoth("kept parent|p|1|r1|foreign key|5", Conflicts);
        Assert.Equal("error 1451", _pair.RunAtOwner("DELETE FROM p WHERE id = 1"));
        Assert.Equal("error 1062", _pair.RunAtGuest("INSERT INTO p VALUES (1, 11, 'new')"));

        Assert.Equal("", _pair.RunAtOwner("DELETE FROM r"));
        _pair.Meet();

        _pair.AssertBoth("2", "SELECT id FROM p");
        _pair.AssertBoth("", Conflicts);
        _pair.AssertSameState();
    }

    [Fact]
    public void A_parent_that_shows_again_lives_once_somebody_writes_to_it()
    {
        Apart("DELETE FROM p WHERE id = 1", "INSERT INTO r VALUES (5, 1)");
        Assert.Equal("", _pair.RunAtGuest("UPDATE p SET note = 'kept' WHERE id = 1; DELETE FROM r"));
        _pair.Meet();

        _pair.AssertBoth("1|10|kept\n2|20|two", "SELECT * FROM p ORDER BY id");
        _pair.AssertSameState();
    }

    [Fact]
    public void A_deleted_parent_comes_after_rows_that_have_its_other_keys()
    {
        Apart("DELETE FROM p WHERE id = 1; INSERT INTO p VALUES (7, 10, 'new')", "INSERT INTO r VALUES (5, 1)");

        _pair.AssertBoth("7|10|new", "SELECT * FROM p WHERE code = 10");
        _pair.AssertBoth("5|1", "SELECT * FROM r");
        _pair.AssertBoth("lost parent|r|5|r1|foreign key|1", Conflicts);

        Assert.Equal("", _pair.RunAtOwner("DELETE FROM p WHERE id = 7"));
        _pair.Meet();

        _pair.AssertBoth("1|10|one", "SELECT * FROM p WHERE code = 10");
        _pair.AssertSameState();
    }

    [Fact]
    public void CASCADE_hides_a_child_until_its_parent_is_there_again()
    {
        Apart("DELETE FROM p WHERE id = 1", "INSERT INTO c VALUES (5, 1, 'x')");

        _pair.AssertBoth("", "SELECT * FROM c");
        _pair.AssertBoth("", "SELECT id FROM c WHERE pid = 1");
        _pair.AssertBoth("hidden row|c|5|c1|foreign key|1", Conflicts);
        // What nobody sees keeps no key from anybody.
        Assert.Equal("", _pair.RunAtOwner("INSERT INTO c VALUES (6, 2, 'x')"));
        Assert.Equal("", _pair.RunAtGuest("INSERT INTO p VALUES (1, 10, 'again')"));
        _pair.Meet();

        // Both live now and have one name: the one that came to it first shows.
        _pair.AssertBoth("5|1|x", "SELECT * FROM c");
        _pair.AssertSameState();
    }

    [Fact]
    public void CASCADE_follows_other_unique_keys_too()
    {
        Apart("UPDATE p SET code = 11 WHERE id = 1", "INSERT INTO k VALUES (5, 10)");

        _pair.AssertBoth("", "SELECT * FROM k");
        _pair.AssertBoth("hidden row|k|5|k1|foreign key|NULL", Conflicts);

        Assert.Equal("", _pair.RunAtOwner("INSERT INTO p VALUES (3, 10, 'three')"));
        _pair.Meet();

        _pair.AssertBoth("5|10", "SELECT * FROM k");
        _pair.AssertSameState();
    }

    [Fact]
    public void An_INSERT_over_a_hidden_child_takes_its_place()
    {
        Apart("DELETE FROM p WHERE id = 1", "INSERT INTO c VALUES (5, 1, 'x')");
        Assert.Equal("", _pair.RunAtOwner("INSERT INTO c VALUES (5, 2, 'y')"));
        _pair.Meet();

        _pair.AssertBoth("5|2|y", "SELECT * FROM c");
        _pair.AssertBoth("", Conflicts);
        _pair.AssertSameState();
    }

    [Fact]
    public void SET_NULL_leaves_what_was_written_and_lists_it()
    {
        Apart("DELETE FROM p WHERE id = 1", "INSERT INTO n VALUES (5, 1)");

        _pair.AssertBoth("5|1", "SELECT * FROM n");
        _pair.AssertBoth("lost parent|n|5|n1|foreign key|1", Conflicts);
        _pair.AssertSameState();
    }

    [Fact]
    public void A_key_that_comes_or_goes_settles_the_rows_that_are_there()
    {
        Apart(
            "ALTER TABLE c DROP FOREIGN KEY c1; DELETE FROM p WHERE id = 1; DELETE FROM c",
            "INSERT INTO c VALUES (5, 1, 'x'), (6, 2, 'y')");
        _pair.AssertBoth("5|1|x\n6|2|y", "SELECT * FROM c ORDER BY id");

        Assert.Equal("error 1452", _pair.RunAtOwner("ALTER TABLE c ADD CONSTRAINT c2 FOREIGN KEY (pid) REFERENCES p (id) ON DELETE CASCADE"));
        Assert.Equal("", _pair.RunAtOwner("SET foreign_key_checks = 0; ALTER TABLE c ADD CONSTRAINT c2 FOREIGN KEY (pid) REFERENCES p (id) ON DELETE CASCADE"));
        _pair.Meet();
        _pair.AssertBoth("6|2|y", "SELECT * FROM c ORDER BY id");

        Assert.Equal("", _pair.RunAtGuest("ALTER TABLE c DROP FOREIGN KEY c2"));
        _pair.Meet();

        _pair.AssertBoth("5|1|x\n6|2|y", "SELECT * FROM c ORDER BY id");
        _pair.AssertSameState();
    }

    [Fact]
    public void A_child_that_UNIQUE_hides_keeps_no_parent_until_it_shows()
    {
        Assert.Equal("", _pair.RunAtOwner("INSERT INTO u VALUES (1, NULL, 5); DELETE FROM p WHERE id = 1"));
        Assert.Equal("", _pair.RunAtGuest("INSERT INTO u VALUES (2, 1, 5)"));
        _pair.HearGuest();
        Assert.Equal("2", _pair.RunAtOwner("SELECT id FROM p"));

        Assert.Equal("", _pair.RunAtGuest("UPDATE u SET x = 6 WHERE id = 2"));
        _pair.HearGuest();
        Assert.Equal("1\n2", _pair.RunAtOwner("SELECT id FROM p ORDER BY id"));
        _pair.Meet();

        _pair.AssertBoth("1\n2", "SELECT id FROM p ORDER BY id");
        _pair.AssertSameState();
    }

    [Fact]
    public void A_parent_that_only_RESTRICT_keeps_is_none_to_CASCADE()
    {
        Apart("DELETE FROM p WHERE id = 1", "INSERT INTO r VALUES (5, 1)");

        Assert.Equal("error 1452", _pair.RunAtOwner("INSERT INTO c VALUES (7, 1, 'x')"));
        Assert.Equal("", _pair.RunAtOwner("INSERT INTO r VALUES (6, 1); UPDATE p SET note = 'lives' WHERE id = 1; INSERT INTO c VALUES (7, 1, 'x')"));
        _pair.Meet();

        _pair.AssertBoth("7|1|x", "SELECT * FROM c");
        _pair.AssertSameState();
    }

    [Fact]
    public void Children_that_a_TRUNCATE_takes_let_go_of_their_parents()
    {
        Apart("DELETE FROM p WHERE id = 1", "INSERT INTO r VALUES (5, 1)");
        Assert.Equal("", _pair.RunAtOwner("TRUNCATE r"));
        _pair.Meet();

        _pair.AssertBoth("2", "SELECT id FROM p");
        _pair.AssertSameState();
    }

    private void Apart(string atOwner, string atGuest)
    {
        Assert.Equal("", _pair.RunAtGuest(atGuest));
        Assert.Equal("", _pair.RunAtOwner(atOwner));
        _pair.Meet();
    }
}
