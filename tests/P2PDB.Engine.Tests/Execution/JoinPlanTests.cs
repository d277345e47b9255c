using System.Globalization;
using System.Text;

namespace P2PDB.Engine.Tests.Execution;

/// <summary>
/// Whatever order and method the planner chooses for a join, the rows are those of the plain plan: tables in the order of the text, no
/// index but the primary key's.
/// </summary>
public sealed class JoinPlanTests : IDisposable
{
    private const string Plain = "STRAIGHT_JOIN";
    private readonly SqlNode _node = new();

    public JoinPlanTests()
    {
        _node.Run("""
            CREATE TABLE shop (id INT PRIMARY KEY, town VARCHAR(10), size INT, KEY by_size (size));
            CREATE TABLE item (id INT PRIMARY KEY, kind INT, name VARCHAR(20), price DECIMAL(8,2), KEY by_kind (kind));
            CREATE TABLE sale (shop INT NOT NULL, item INT NOT NULL, number INT NOT NULL, day DATE, count INT, PRIMARY KEY (shop, item, number),
                KEY by_item (item, number), KEY by_day (day));
            CREATE TABLE note (sale_shop INT, sale_item INT, text VARCHAR(10), KEY by_sale (sale_shop, sale_item))
            """);
        var dice = new Random(7);
        Fill("shop", 12, i => $"({i}, '{Pick(dice, "Ulm", "Bonn", "Kiel")}', {Nullable(dice, 4)})");
        Fill("item", 60, i => $"({i}, {Nullable(dice, 9)}, '{Pick(dice, "red", "green", "blue")} {i}', {dice.Next(1, 900)}.25)");
        Fill("sale", 3000, i => $"({dice.Next(12)}, {dice.Next(70)}, {i}, '2024-{dice.Next(1, 13)}-{dice.Next(1, 28)}', {Nullable(dice, 50)})");
        Fill("note", 400, _ => $"({Nullable(dice, 14)}, {Nullable(dice, 70)}, '{Pick(dice, "a", "b", "c")}')");
        _node.Run("ANALYZE TABLE shop, item, sale, note");
    }

    public void Dispose() => _node.Dispose();

    [Theory]
    [InlineData("SELECT {0} town, name, count FROM shop, item, sale {1} WHERE shop.id = sale.shop AND item.id = sale.item AND kind = 3")]
    [InlineData("SELECT {0} town, COUNT(*), SUM(count) FROM shop, sale {1} WHERE shop.id = shop AND day >= '2024-11-01' GROUP BY town")]
    [InlineData("SELECT {0} a.id, b.id FROM item a, item b WHERE a.kind = b.kind AND a.price > b.price AND b.name LIKE 'green%'")]
    [InlineData("SELECT {0} number, text FROM note, sale {1} WHERE sale_shop = shop AND sale_item = item AND CHAR_LENGTH(text) = 1")]
    [InlineData("SELECT {0} number, text FROM note, sale {1} WHERE sale_shop = shop AND sale_item = item AND text = 'b' AND count < 9")]
    [InlineData("SELECT {0} COUNT(*), MIN(text) FROM shop, note, sale {1}, item WHERE shop.id = sale.shop AND sale_item = sale.item AND item.id = sale_item AND town = 'Ulm' AND kind <=> NULL")]
    [InlineData("SELECT {0} shop.id, item.id FROM shop, item WHERE (town = 'Ulm' AND kind = 1) OR (town = 'Bonn' AND kind = 2 AND price > 300)")]
    [InlineData("SELECT {0} number FROM item, sale {1} WHERE (item.id = item AND kind = 1 AND count > 40) OR (count < 4 AND item = item.id) OR (item.id = item AND count IS NULL AND kind > 5)")]
    [InlineData("SELECT {0} number FROM item, sale {1} WHERE (item.id = item AND kind = 1 AND count > 40) OR (item.id = item AND kind = 1)")]
    [InlineData("SELECT {0} number FROM item, sale {1} WHERE item.id = item AND ((kind = 1 AND count > 40) OR (kind IN (2, 5) AND count < 4) OR (kind IS NULL AND count = 7))")]
    [InlineData("SELECT {0} shop.id, number FROM shop LEFT JOIN sale {1} ON shop.id = sale.shop AND sale.item = 5 WHERE size > 1")]
    [InlineData("SELECT {0} item.id, text FROM item LEFT JOIN note {2} ON item.id = sale_item WHERE text IS NULL OR kind = 4")]
    [InlineData("SELECT {0} number, town FROM sale {1} JOIN shop ON shop.id = sale.shop LEFT JOIN note {2} ON sale_shop = shop.id AND sale_item = sale.item WHERE text = 'a'")]
    [InlineData("SELECT {0} number FROM sale {1}, shop WHERE shop.id = shop AND item IN (SELECT id FROM item WHERE kind = 2)")]
    [InlineData("SELECT {0} number FROM sale {1}, shop WHERE shop.id = shop AND item NOT IN (SELECT id FROM item WHERE kind > 2) AND town <> 'Ulm'")]
    [InlineData("SELECT {0} number FROM shop, sale {1} WHERE shop.id = shop AND count NOT IN (SELECT kind FROM item WHERE kind > 3) AND day < '2024-03-01'")]
    [InlineData("SELECT {0} number FROM shop, sale {1} WHERE shop.id = shop AND count > (SELECT AVG(count) + 20 FROM sale) AND size = 2")]
    [InlineData("SELECT {0} number FROM shop, sale {1} WHERE shop.id = shop AND EXISTS (SELECT 1 FROM note WHERE sale_shop = shop AND sale_item = item AND text = 'c')")]
    [InlineData("SELECT {0} id, n FROM shop, (SELECT shop, COUNT(*) AS n FROM sale {1} GROUP BY shop) AS counts WHERE id = counts.shop AND town = 'Kiel'")]
    [InlineData("SELECT {0} a.id, b.id, c.id FROM shop a, shop b, shop c WHERE a.size = b.size AND b.size = c.size AND a.id < b.id AND b.id < c.id")]
    public void A_chosen_plan_gives_the_rows_of_the_plain_one(string query)
    {
        string chosen = Fill(query, "", "", "");
        string plain = Fill(query, Plain, "IGNORE INDEX (by_item, by_day)", "IGNORE INDEX (by_sale)");

        string expected = Sorted(_node.Run(plain));

        Assert.DoesNotContain("error", expected, StringComparison.Ordinal);
        Assert.NotEqual("", expected);
        Assert.Equal(expected, Sorted(_node.Run(chosen)));
        Assert.Equal(expected, Sorted(_node.Run(chosen)));   // by the kept plan, where there is one
    }

    [Fact]
    public void An_index_is_used_where_few_rows_are_wanted_and_not_where_most_are()
    {
        Assert.Contains("|range|by_day|", _node.Run("EXPLAIN SELECT COUNT(count) FROM sale WHERE day > '2024-12-26'"), StringComparison.Ordinal);
        Assert.Contains("|ALL|NULL|", _node.Run("EXPLAIN SELECT COUNT(count) FROM sale WHERE day > '2024-01-02'"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_condition_over_a_view_reaches_an_index_of_its_table()
    {
        _node.Run("CREATE VIEW late AS SELECT number AS n, day AS d, count + 1 AS c FROM sale WHERE count > 2; CREATE VIEW later AS SELECT n, d FROM late WHERE c < 40");

        Assert.Contains("|range|by_day|", _node.Run("EXPLAIN SELECT COUNT(n) FROM late WHERE d > '2024-12-26'"), StringComparison.Ordinal);
        Assert.Contains("|range|by_day|", _node.Run("EXPLAIN SELECT COUNT(n) FROM later WHERE d > '2024-12-26'"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_side_with_fewer_rows_leads_to_the_other_by_its_index()
    {
        string[] lines = _node.Run("EXPLAIN SELECT number FROM sale, item WHERE item.id = sale.item AND name = 'green 7'").Split('\n');

        Assert.StartsWith("1|SIMPLE|item|", lines[0], StringComparison.Ordinal);
        Assert.Contains("|ref|by_item|", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public void An_equality_in_all_alternatives_of_an_or_is_a_key_of_the_join()
    {
        string plan = _node.Run("EXPLAIN FORMAT=TREE SELECT number FROM sale, note WHERE (item = sale_item AND text = 'a') OR (item = sale_item AND count > 40)");

        Assert.DoesNotContain("all pairs", plan, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_kept_plan_is_made_anew_once_its_table_has_grown()
    {
        _node.Run("CREATE TABLE t (id INT PRIMARY KEY, n INT, KEY (n)); INSERT INTO t VALUES (1, 1), (2, 1)");
        const string Query = "SELECT COUNT(id) FROM t WHERE n = 77";
        _node.Run(Query);
        Fill("t", 2000, i => $"({i + 10}, {i})");
        string read = "SHOW STATUS LIKE 'Innodb\\_rows\\_read'";
        string before = _node.Run(read);

        Assert.Equal("1", _node.Run(Query));

        Assert.True(Number(_node.Run(read)) - Number(before) < 100);
    }

    [Fact]
    public void Choosing_a_plan_leaves_no_warnings_and_calls_nothing_with_an_effect()
    {
        _node.Run("SET @n = 0");
        TextSink sink = _node.Sink("SELECT COUNT(*) FROM item, shop WHERE item.id = shop.id AND name > 5 AND (@n := @n + 1) < 0");
        int warnings = sink.Outcome.Warnings;

        Assert.Equal("0", sink.Text);
        Assert.InRange(Number(_node.Run("SELECT 'n', @n")), 0, 60);
        Assert.InRange(warnings, 0, 60);
    }

    private static double Number(string row) => double.Parse(row[(row.IndexOf('|', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture);

    private static string Fill(string query, string straight, string ignoreOfSale, string ignoreOfNote) =>
        string.Format(CultureInfo.InvariantCulture, query, straight, ignoreOfSale, ignoreOfNote);

    private static string Sorted(string rows)
    {
        string[] lines = rows.Split('\n');
        Array.Sort(lines, StringComparer.Ordinal);
        return string.Join('\n', lines);
    }

    private static string Pick(Random dice, params string[] words) => words[dice.Next(words.Length)];

    private static string Nullable(Random dice, int count) =>
        dice.Next(8) == 0 ? "NULL" : dice.Next(count).ToString(CultureInfo.InvariantCulture);

    private void Fill(string table, int count, Func<int, string> row)
    {
        var text = new StringBuilder($"INSERT INTO {table} VALUES ");
        for (int i = 0; i < count; i++)
            text.Append(i == 0 ? "" : ", ").Append(row(i));
        Assert.Equal("", _node.Run(text.ToString()));
    }
}
