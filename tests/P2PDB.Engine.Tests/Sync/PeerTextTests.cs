namespace P2PDB.Engine.Tests.Sync;

/// <summary>Columns that merge as texts, of a database that two nodes share.</summary>
public sealed class PeerTextTests : IDisposable
{
    private const string Listed = "SELECT row_key, subject, rule, lost_values, kept_values FROM p2pdb.conflicts WHERE kind = 'cut text'";

    private readonly SqlPair _pair = new(
        """CREATE TABLE t (id INT PRIMARY KEY, body TEXT ENGINE_ATTRIBUTE '{"merge":"text"}', title VARCHAR(10) ENGINE_ATTRIBUTE '{"merge":"text"}', w TEXT);"""
        + "INSERT INTO t VALUES (1, 'the cat sat', 'Cats', 'old')");

    public void Dispose() => _pair.Dispose();

    [Theory]
    [InlineData("'the black cat sat'", "'the cat sat down'", "the black cat sat down")]
    [InlineData("'the cat'", "'the cat sat down'", "the cat down")]
    [InlineData("'cat sat'", "'the sat'", "sat")]
    [InlineData("'the cat sat on'", "'the cat sat by'", "the cat sat on by")]
    [InlineData("'a cat sat'", "'a cat sat'", "aa cat sat")]
    [InlineData("NULL", "'the cat sat down'", " down")]
    [InlineData("'the cat sat!'", "NULL", "!")]
    [InlineData("''", "NULL", "NULL")]
    [InlineData("NULL", "''", "")]
    [InlineData("CONCAT('é', body)", "REPLACE(body, 'a', 'ä')", "éthe cät sät")]
    public void Edits_made_apart_all_count(string own, string guest, string expected)
    {
        Own($"UPDATE t SET body = {own}");
        Guest($"UPDATE t SET body = {guest}");
        _pair.Meet();

        _pair.AssertBoth(expected, "SELECT body FROM t");
        _pair.AssertSameState();
    }

    [Fact]
    public void A_write_over_what_was_merged_is_what_shows()
    {
        Own("UPDATE t SET body = 'the big cat sat'");
        Guest("UPDATE t SET body = 'the cat sat down'");
        _pair.Meet();
        Guest("UPDATE t SET body = 'big cats'");
        _pair.Meet();
        _pair.AssertBoth("big cats", "SELECT body FROM t");

        Own("UPDATE t SET body = 'two big cats'");
        Guest("UPDATE t SET body = 'big black cats'");
        _pair.Meet();
        _pair.AssertBoth("two big black cats", "SELECT body FROM t");
        _pair.AssertSameState();
    }

    [Fact]
    public void Statements_of_a_transaction_add_up_and_what_is_rolled_back_does_not_count()
    {
        Own("BEGIN; UPDATE t SET body = 'the black cat sat'; SAVEPOINT s; UPDATE t SET body = 'dogs'; ROLLBACK TO s");
        Own("UPDATE t SET body = 'the black cat sat there'; UPDATE t SET body = 'the jet black cat sat there'; COMMIT");
        Guest("UPDATE t SET body = 'the cat sat still'");
        _pair.Meet();

        _pair.AssertBoth("the jet black cat sat there still", "SELECT body FROM t");
        _pair.AssertSameState();
    }

    [Fact]
    public void A_row_that_a_transaction_inserts_and_edits_is_one_text()
    {
        Own("BEGIN; INSERT INTO t (id, body) VALUES (2, 'one'); UPDATE t SET body = 'one two' WHERE id = 2; UPDATE t SET body = NULL WHERE id = 2");
        Own("UPDATE t SET body = 'three' WHERE id = 2; COMMIT");
        _pair.Meet();

        _pair.AssertBoth("three", "SELECT body FROM t WHERE id = 2");
        Guest("UPDATE t SET body = 'three four' WHERE id = 2");
        Own("UPDATE t SET body = 'two three' WHERE id = 2");
        _pair.Meet();
        _pair.AssertBoth("two three four", "SELECT body FROM t WHERE id = 2");
        _pair.AssertSameState();
    }

    [Fact]
    public void A_value_from_before_the_policy_counts_once()
    {
        Own("""ALTER TABLE t MODIFY w TEXT ENGINE_ATTRIBUTE '{"merge":"text"}'""");
        _pair.Meet();
        Own("UPDATE t SET w = 'very old'");
        Guest("UPDATE t SET w = 'old wine'");
        _pair.Meet();

        _pair.AssertBoth("very old wine", "SELECT w FROM t");
        Guest("UPDATE t SET w = 'very fine'");
        _pair.Meet();
        _pair.AssertBoth("very fine", "SELECT w FROM t");
        _pair.AssertSameState();
    }

    [Fact]
    public void Rows_inserted_apart_have_both_texts_and_a_new_row_has_its_own()
    {
        Own("INSERT INTO t (id, body) VALUES (2, 'one.')");
        Guest("INSERT INTO t (id, body) VALUES (2, 'two.')");
        _pair.Meet();
        _pair.AssertBoth("one.two.", "SELECT body FROM t WHERE id = 2");

        Own("REPLACE INTO t (id, body) VALUES (2, 'three')");
        Guest("UPDATE t SET body = CONCAT(body, 'four') WHERE id = 2");
        _pair.Meet();
        _pair.AssertBoth("three", "SELECT body FROM t WHERE id = 2");
        _pair.AssertSameState();
    }

    [Fact]
    public void A_row_from_before_the_policy_that_is_written_anew_begins_anew()
    {
        Own("CREATE TABLE u (id INT PRIMARY KEY, v TEXT); INSERT INTO u VALUES (1, 'old'), (2, 'old')");
        Own("""ALTER TABLE u MODIFY v TEXT ENGINE_ATTRIBUTE '{"merge":"text"}'""");
        _pair.Meet();
        Own("REPLACE INTO u VALUES (1, 'new'); DELETE FROM u WHERE id = 2; INSERT INTO u VALUES (2, 'new')");
        Guest("UPDATE u SET v = 'old wine'");
        _pair.Meet();

        _pair.AssertBoth("1|new\n2|new", "SELECT id, v FROM u ORDER BY id");
        _pair.AssertSameState();
    }

    [Fact]
    public void Of_a_deleted_row_an_edit_that_is_later_shows_the_whole_text_again()
    {
        Own("UPDATE t SET body = 'the black cat sat'");
        Own("DELETE FROM t");
        Guest("UPDATE t SET body = 'the cat sat down'");
        _pair.Meet();
        _pair.AssertBoth("the black cat sat down", "SELECT body FROM t");

        Guest("UPDATE t SET body = 'the cat'");
        Own("DELETE FROM t");
        _pair.Meet();
        _pair.AssertBoth("", "SELECT body FROM t");
        _pair.AssertSameState();
    }

    [Fact]
    public void A_changed_policy_or_type_counts_for_writes_from_then_on()
    {
        Own("UPDATE t SET body = 'the black cat sat'");
        Guest("UPDATE t SET body = 'the cat sat down'");
        _pair.Meet();
        Own("ALTER TABLE t MODIFY body VARCHAR(100)");
        _pair.Meet();
        _pair.AssertBoth("the black cat sat down", "SELECT body FROM t");
        Own("UPDATE t SET body = 'one'");
        Guest("UPDATE t SET body = 'two'");
        _pair.Meet();
        _pair.AssertBoth("two", "SELECT body FROM t");

        Own("""ALTER TABLE t MODIFY body MEDIUMTEXT ENGINE_ATTRIBUTE '{"merge":"text"}'""");
        _pair.Meet();
        Own("UPDATE t SET body = 'two cats'");
        Guest("UPDATE t SET body = 'the two'");
        _pair.Meet();
        _pair.AssertBoth("the two cats", "SELECT body FROM t");
        _pair.AssertSameState();
    }

    [Fact]
    public void Blanks_that_merging_leaves_at_the_end_of_a_CHAR_stay()
    {
        Own("""CREATE TABLE c (id INT PRIMARY KEY, v CHAR(10) ENGINE_ATTRIBUTE '{"merge":"text"}'); INSERT INTO c VALUES (1, 'a b')""");
        _pair.Meet();
        Own("UPDATE c SET v = 'a c b'");
        Guest("UPDATE c SET v = 'a'");
        _pair.Meet();

        _pair.AssertBoth("[ac ]", "SELECT CONCAT('[', v, ']') FROM c");
        _pair.AssertSameState();
    }

    [Fact]
    public void The_default_of_an_added_column_counts_once()
    {
        Own("""ALTER TABLE t ADD note VARCHAR(40) DEFAULT 'to do' ENGINE_ATTRIBUTE '{"merge":"text"}'""");
        _pair.Meet();
        Own("UPDATE t SET note = 'to do today'");
        Guest("UPDATE t SET note = 'not to do'");
        _pair.Meet();

        _pair.AssertBoth("not to do today", "SELECT note FROM t");
        _pair.AssertSameState();
    }

    [Fact]
    public void What_does_not_fit_is_cut_listed_and_gone_with_the_next_write()
    {
        Own("UPDATE t SET title = 'Black Cats'");
        Guest("UPDATE t SET title = 'Cats, dogs'");
        _pair.Meet();

        _pair.AssertBoth("Black Cats", "SELECT title FROM t");
        _pair.AssertBoth("""1|title|text|{"title": ", dogs"}|{"title": "Black Cats"}""", Listed);
        Guest("UPDATE t SET title = 'Cats'");
        _pair.Meet();
        _pair.AssertBoth("Cats", "SELECT title FROM t");
        _pair.AssertBoth("", Listed);

        Own("UPDATE t SET title = 'Black Cats'");
        Guest("UPDATE t SET title = 'Cats, dogs'");
        _pair.Meet();
        Own("ALTER TABLE t MODIFY title VARCHAR(20) ENGINE_ATTRIBUTE '{\"merge\":\"text\"}'");
        Own("UPDATE t SET title = 'Black Cat'");
        _pair.Meet();
        _pair.AssertBoth("Black Cat", "SELECT title FROM t");
        _pair.AssertSameState();
    }

    [Fact]
    public void A_text_of_too_many_pieces_begins_anew_and_says_the_same()
    {
        Own("UPDATE t SET body = REPEAT('aaaa ', 400)");
        for (int i = 0; i < 12; i++)
            Own("UPDATE t SET body = REPLACE(body, ' ', 'b ')");
        _pair.Meet();
        Guest("UPDATE t SET body = CONCAT(body, '.')");
        Own("UPDATE t SET body = CONCAT('.', body)");
        _pair.Meet();

        _pair.AssertBoth("1", $"SELECT body = CONCAT('.', REPEAT(CONCAT('aaaa', REPEAT('b', 12), ' '), 400), '.') FROM t");
        _pair.AssertSameState();
    }

    [Fact]
    public void Texts_of_too_many_pieces_that_begin_anew_apart_are_not_doubled()
    {
        Own("UPDATE t SET body = REPEAT('aaaa ', 400)");
        for (int i = 0; i < 10; i++)
            Own("UPDATE t SET body = REPLACE(body, ' ', 'b ')");
        _pair.Meet();
        for (int i = 0; i < 10; i++)
            Guest("UPDATE t SET body = REPLACE(body, ' ', 'c ')");
        _pair.Meet();
        Own("UPDATE t SET body = REPLACE(body, ' ', 'd ')");
        Guest("UPDATE t SET body = REPLACE(body, ' ', 'e ')");
        _pair.Meet();

        _pair.AssertBoth("1", "SELECT body = REPEAT(CONCAT('aaaa', REPEAT('b', 10), REPEAT('c', 10), 'e '), 400) FROM t");
        Own("UPDATE t SET body = CONCAT('.', body)");
        Guest("UPDATE t SET body = CONCAT(body, '.')");
        _pair.Meet();
        _pair.AssertBoth("1", "SELECT body = CONCAT('.', REPEAT(CONCAT('aaaa', REPEAT('b', 10), REPEAT('c', 10), 'e '), 400), '.') FROM t");
        _pair.AssertSameState();
    }

    /// <summary>One knows what a plain write left of the value, the other does not yet.</summary>
    [Fact]
    public void Of_values_from_before_the_policy_the_latest_counts()
    {
        Own("UPDATE t SET w = 'old wine'");
        Guest("""ALTER TABLE t MODIFY w TEXT ENGINE_ATTRIBUTE '{"merge":"text"}'""");
        _pair.HearGuest();
        Own("UPDATE t SET w = 'old wine?'");
        Guest("UPDATE t SET w = 'old!'");
        _pair.Meet();
        _pair.AssertBoth("!old wine?", "SELECT w FROM t");
        Guest("UPDATE t SET w = 'new wine'");
        _pair.Meet();

        _pair.AssertBoth("new wine", "SELECT w FROM t");
        _pair.AssertSameState();
    }

    /// <summary>Else what others put behind the end that this writer knows has no place.</summary>
    [Fact]
    public void A_value_from_before_is_stated_as_it_was_written_whatever_type_the_writer_knows()
    {
        Own("UPDATE t SET w = 'a text of thirty characters or so'");
        Own("""ALTER TABLE t MODIFY w VARCHAR(40) ENGINE_ATTRIBUTE '{"merge":"text"}'""");
        _pair.Meet();
        Own("SET sql_mode = ''");
        _pair.RunAtOwner("""ALTER TABLE t MODIFY w VARCHAR(10) ENGINE_ATTRIBUTE '{"merge":"text"}'; UPDATE t SET w = CONCAT('X', LEFT(w, 5))""");
        Guest("UPDATE t SET w = CONCAT(w, ' end')");
        Guest("UPDATE t SET w = REPLACE(w, 'characters', 'letters')");
        _pair.Meet();

        Assert.Equal("Xa tex", _pair.RunAtOwner("SELECT LEFT(w, 6) FROM t"));
        Guest("""ALTER TABLE t MODIFY w VARCHAR(40) ENGINE_ATTRIBUTE '{"merge":"text"}'""");
        _pair.Meet();
        _pair.AssertBoth("Xa texletters end", "SELECT w FROM t");
        _pair.AssertSameState();
    }

    [Fact]
    public void History_shows_what_an_edit_inserted()
    {
        Own("UPDATE t SET body = 'the black cat at'");

        Assert.Equal(
            """{"body removed": 1, "body inserted": "black "}""",
            _pair.RunAtOwner("SELECT changes FROM p2pdb.history WHERE table_name = 't' ORDER BY 1 LIMIT 1"));
    }

    private void Own(string sql) => Assert.Equal("", _pair.RunAtOwner(sql));

    private void Guest(string sql) => Assert.Equal("", _pair.RunAtGuest(sql));
}
