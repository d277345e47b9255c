using System.Globalization;
using System.Text;

namespace P2PDB.Engine.Tests.Execution;

/// <summary>
/// However the planner runs a subquery, the rows are those of running it for every row anew, which is what it does where the query is not
/// repeatable: a condition that is always true says so.
/// </summary>
public sealed class SubqueryPlanTests : IDisposable
{
    private const string PerRow = "RAND() >= 0";
    private readonly SqlNode _node = new();

    public void Dispose() => _node.Dispose();

    public static TheoryData<int> Seeds => [1, 2, 3, 4, 5, 6];

    [Theory, MemberData(nameof(Seeds))]
    public void A_question_about_partners_is_answered_as_row_by_row(int seed)
    {
        var dice = new Random(seed);
        Fill(dice);
        for (int i = 0; i < 60; i++)
            Compare($"SELECT id FROM outside WHERE {Question(dice)}{Pick(dice, "", "", " AND b > 2", " AND c IS NOT NULL")}", seed);
        for (int i = 0; i < 30; i++)
            Compare($"SELECT outside.id, x.id FROM outside JOIN plain x ON outside.a = x.a WHERE {Question(dice)} AND {Question(dice)}", seed);
        for (int i = 0; i < 30; i++)
            Compare($"SELECT outside.id, IFNULL({Question(dice)}, 'unknown') FROM outside WHERE {Question(dice)} OR b = 1", seed);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void Rows_are_changed_that_a_question_about_partners_means(int seed)
    {
        var dice = new Random(seed);
        Fill(dice);
        for (int i = 0; i < 25; i++)
        {
            string question = Question(dice);
            string expected = Sorted(_node.Run($"SELECT id FROM outside WHERE NOT (({At(question, PerRow)}) IS TRUE)"));
            _node.Run("START TRANSACTION");
            Assert.Equal("", _node.Run($"DELETE FROM outside WHERE {At(question, "TRUE")}"));

            Assert.Equal((seed, question, expected), (seed, question, Sorted(_node.Run("SELECT id FROM outside"))));
            _node.Run("ROLLBACK");
        }
    }

    [Fact]
    public void A_correlated_exists_is_a_semi_join_and_its_negation_an_anti_join()
    {
        Fill(new Random(1));

        string exists = _node.Run("EXPLAIN FORMAT=TREE SELECT id FROM outside WHERE EXISTS (SELECT * FROM plain WHERE plain.a = outside.a)");
        string missing = _node.Run("EXPLAIN FORMAT=TREE SELECT id FROM outside WHERE NOT EXISTS (SELECT 1 FROM keyed WHERE keyed.a = outside.id AND keyed.b > outside.b LIMIT 1)");

        Assert.Contains("semijoin", exists, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("antijoin", missing, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, MemberData(nameof(Seeds))]
    public void A_value_by_key_is_the_value_row_by_row(int seed)
    {
        var dice = new Random(seed);
        Fill(dice);
        for (int i = 0; i < 60; i++)
        {
            string value = Value(dice);
            Compare($"SELECT id, {value} FROM outside", seed);
            Compare($"SELECT id FROM outside WHERE b {Pick(dice, "<", "=", ">=")} {value}", seed);
            Compare($"SELECT b, COUNT(*) FROM outside GROUP BY b HAVING COUNT(*) > IFNULL({value.Replace("outside.a", "outside.b", StringComparison.Ordinal)}, 3)", seed);
        }
    }

    [Fact]
    public void Several_rows_where_one_is_wanted_are_an_error_for_the_row_that_asks()
    {
        _node.Run("""
            CREATE TABLE one (k INT); CREATE TABLE several (k INT, v INT);
            INSERT INTO one VALUES (1), (2), (3), (NULL); INSERT INTO several VALUES (2, 20), (3, 30), (3, 31), (NULL, 1), (NULL, 2)
            """);

        Assert.Equal("1|NULL\n2|20\nNULL|NULL", _node.Run("SELECT k, (SELECT v FROM several s WHERE s.k = one.k) FROM one WHERE IFNULL(k, 0) < 3 ORDER BY k IS NULL, k"));
        Assert.Equal("error 1242", _node.Run("SELECT k, (SELECT v FROM several s WHERE s.k = one.k) FROM one"));
    }

    [Fact]
    public void A_correlated_query_runs_once_for_rows_with_the_same_values()
    {
        _node.Run("CREATE TABLE one (k INT); CREATE TABLE other (k INT PRIMARY KEY, v INT); SET @n = 0");
        _node.Run("INSERT INTO one VALUES (1), (2), (1), (2), (1); INSERT INTO other VALUES (1, 10), (2, 20)");
        const string Read = "SHOW STATUS LIKE 'Innodb\\_rows\\_read'";
        int before = RowsRead(_node.Run(Read));

        Assert.Equal("70", _node.Run("SELECT SUM((SELECT v FROM other WHERE other.k <= one.k ORDER BY v DESC LIMIT 1)) FROM one"));

        Assert.Equal(before + 5 + 3, RowsRead(_node.Run(Read)));
    }

    [Fact]
    public void Explain_analyze_shows_what_each_step_did()
    {
        _node.Run("CREATE TABLE one (k INT); CREATE TABLE other (k INT PRIMARY KEY, v INT)");
        _node.Run("INSERT INTO one VALUES (1), (2), (1), (2), (1); INSERT INTO other VALUES (1, 10), (2, 20)");

        string join = _node.Run("EXPLAIN ANALYZE SELECT v FROM one LEFT JOIN other USING (k) WHERE one.k > 0");
        string never = _node.Run("EXPLAIN ANALYZE SELECT (SELECT MAX(v) FROM other WHERE other.k > one.k) FROM one WHERE k > 5");
        string times = _node.Run("EXPLAIN ANALYZE SELECT (SELECT MAX(v) FROM other WHERE other.k > one.k) FROM one");

        Assert.Matches(@"left join  \(rows=\d+\) \(actual time=[\d.]+\.\.[\d.]+ rows=5 loops=1\)", join);
        Assert.Matches(@"on other.* \(never executed\)", never);
        Assert.Matches(@"Subquery, run for rows with other values\n.*loops=2\)", times);
    }

    private static int RowsRead(string status) => int.Parse(status[(status.IndexOf('|', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);

    /// <summary>A query for one value, with a place for one more condition.</summary>
    private static string Value(Random dice)
    {
        string value = Pick(dice, "COUNT(*)", "COUNT(i.a)", "SUM(i.b)", "0.5 * AVG(i.a)", "MAX(i.c)", "COUNT(DISTINCT i.b) + 1", "IFNULL(MIN(i.a), -1)", "COALESCE(SUM(i.a), COUNT(*))");
        string from = Pick(dice, "keyed i", "plain i", "keyed i JOIN plain j ON i.a = j.a", "plain i LEFT JOIN keyed j ON j.b = i.b AND j.a > 2");
        string bound = Pick(dice, "i.a = outside.a", "i.b = outside.b", "outside.b = i.b AND i.a = outside.a", "i.a + 1 = outside.a", "i.b = outside.a * 2",
            "i.b < outside.a", "i.a = outside.a AND i.b > 3", "i.b = outside.b / 2", "i.c = CONCAT('', outside.b)", "i.a <=> outside.a");
        return $"(SELECT {value} FROM {from} WHERE {bound} AND {{0}})";
    }

    /// <summary>Three tables: with one key only, with indexes, without any key.</summary>
    private void Fill(Random dice)
    {
        _node.Run("""
            CREATE TABLE outside (id INT PRIMARY KEY, a INT, b INT NOT NULL, c VARCHAR(8));
            CREATE TABLE keyed (id INT PRIMARY KEY, a INT, b INT NOT NULL, c VARCHAR(8), KEY (a), KEY (b, a));
            CREATE TABLE plain (id INT, a INT, b BIGINT NOT NULL, c VARCHAR(8) COLLATE utf8mb4_bin)
            """);
        foreach ((string table, int count) in new[] { ("outside", 60), ("keyed", dice.Next(2) * 150), ("plain", 40) })
        {
            var text = new StringBuilder();
            for (int i = 0; i < count; i++)
                text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ", ")}({i}, {Number(dice)}, {dice.Next(8)}, {Word(dice)})");
            if (count > 0)
                Assert.Equal("", _node.Run($"INSERT INTO {table} VALUES {text}"));
        }

        _node.Run("ANALYZE TABLE outside, keyed, plain");
    }

    /// <summary>A condition over a row of outside, with a place for one more condition in its query.</summary>
    private static string Question(Random dice)
    {
        string from = Pick(dice, "keyed i", "plain i", "keyed i JOIN plain j ON i.a = j.a", "plain i LEFT JOIN keyed j ON j.b = i.b AND j.a > 2");
        string bound = Pick(dice, "i.a = outside.a", "i.b = outside.b", "outside.b = i.b AND i.a <> outside.a", "i.id > outside.id AND i.a = outside.b",
            "i.c = outside.c", "i.a <=> outside.a", "i.b < outside.a", "i.a + 1 = outside.a", "outside.b = 3", "i.a = outside.a AND i.b = outside.b");
        string own = Pick(dice, "", "", " AND i.b > 3", " AND i.c = 'b'", " AND i.a IS NOT NULL", " AND i.id < 0");
        string tail = $"FROM {from} WHERE {bound}{own} AND {{0}})";
        return dice.Next(6) switch
        {
            0 => $"EXISTS (SELECT {Pick(dice, "1", "*", "i.a")} {tail}",
            1 => $"NOT EXISTS (SELECT {Pick(dice, "1", "*", "i.a")} {tail}",
            2 => $"outside.a IN (SELECT {Pick(dice, "i.b", "i.a", "i.a + 1")} {tail}",
            3 => $"outside.{Pick(dice, "a", "b")} NOT IN (SELECT {Pick(dice, "i.b", "i.a", "i.id")} {tail}",
            4 => $"outside.c {Pick(dice, "= ANY", "<> ALL", "IN", "NOT IN")} (SELECT i.c {tail}",
            _ => $"(outside.a, outside.b) {Pick(dice, "IN", "NOT IN")} (SELECT i.a, i.b {tail}",
        };
    }

    private void Compare(string query, int seed)
    {
        string expected = Sorted(_node.Run(At(query, PerRow)));

        Assert.DoesNotContain("error", expected, StringComparison.Ordinal);
        Assert.Equal((seed, query, expected), (seed, query, Sorted(_node.Run(At(query, "TRUE")))));
    }

    private static string At(string query, string condition) => query.Replace("{0}", condition, StringComparison.Ordinal);

    private static string Sorted(string rows)
    {
        string[] lines = rows.Split('\n');
        Array.Sort(lines, StringComparer.Ordinal);
        return string.Join('\n', lines);
    }

    private static string Pick(Random dice, params string[] words) => words[dice.Next(words.Length)];

    private static string Number(Random dice) => dice.Next(6) == 0 ? "NULL" : dice.Next(9).ToString(CultureInfo.InvariantCulture);

    private static string Word(Random dice) => Pick(dice, "NULL", "'a'", "'A'", "'b'", "'c'", "'d'");
}
