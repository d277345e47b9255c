using System.Text;
using P2PDB.Engine.Sql;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Sql.Printing;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Tests.Sql;

public class ParserTests
{
    [Theory]
    [InlineData("CREATE DATABASE IF NOT EXISTS d DEFAULT CHARACTER SET = utf8mb4 COLLATE utf8mb4_bin")]
    [InlineData("CREATE TABLE t (id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, a DECIMAL(10,2) DEFAULT '0', e ENUM('x','y') NOT NULL, KEY k (a, e DESC), CONSTRAINT c FOREIGN KEY (a) REFERENCES u (b) ON DELETE CASCADE, CHECK (a > 0)) ENGINE=InnoDB, COMMENT='x'")]
    [InlineData("CREATE TABLE sbtest1(id INTEGER NOT NULL AUTO_INCREMENT, k INTEGER DEFAULT '0' NOT NULL, PRIMARY KEY (id)) /*! ENGINE = innodb */")]
    [InlineData("CREATE TABLE t2 LIKE t1")]
    [InlineData("ALTER TABLE t ADD COLUMN (a INT, b INT), DROP INDEX i, RENAME COLUMN a TO b, ENGINE = x, ORDER BY c")]
    [InlineData("INSERT INTO t (a, b) VALUES (1, DEFAULT), (2, 'x') AS n(p, q) ON DUPLICATE KEY UPDATE a = n.p + VALUES(b)")]
    [InlineData("REPLACE t SET a = 1, b = DEFAULT")]
    [InlineData("DELETE a, b.* FROM a JOIN b USING (id) WHERE a.x = 1")]
    [InlineData("DELETE FROM a, b USING a JOIN b ON a.id = b.id")]
    [InlineData("WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) UPDATE t SET a = 1 WHERE a IN (SELECT n FROM c)")]
    [InlineData("SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t WINDOW w AS (ORDER BY a)")]
    [InlineData("SELECT * FROM JSON_TABLE('[1]', '$[*]' COLUMNS (i FOR ORDINALITY, v INT PATH '$' DEFAULT '0' ON EMPTY NULL ON ERROR)) AS j")]
    [InlineData("SET GLOBAL a = 1, @@session.b = ON, @x := 5, NAMES utf8mb4 COLLATE utf8mb4_bin")]
    [InlineData("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY")]
    [InlineData("SHOW FULL COLUMNS FROM t FROM d LIKE 'a%'")]
    [InlineData("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY")]
    [InlineData("GRANT SELECT (a, b), INSERT ON d.* TO 'u'@'%' WITH GRANT OPTION")]
    [InlineData("LOAD DATA LOCAL INFILE 'f' IGNORE INTO TABLE t FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' LINES TERMINATED BY '\\n' IGNORE 1 LINES (a, @b) SET c = @b")]
    [InlineData("CREATE PROCEDURE p(IN a INT) l: BEGIN DECLARE x INT DEFAULT 0; WHILE x < a DO SET x = x + 1; IF x = 3 THEN LEAVE l; END IF; END WHILE; END l")]
    [InlineData("CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1")]
    [InlineData("SELECT INTERVAL(1, 0, 2) + 1, NOW() - INTERVAL (1 + 1) DAY, CAST(a AS DECIMAL(5,2)), TRIM(LEADING 'x' FROM y)")]
    [InlineData("EXPLAIN FORMAT=JSON SELECT 1")]
    public void Statement_is_accepted(string sql) => Assert.NotNull(Parse(sql));

    [Theory]
    [InlineData("SELECT 1 FROM", "", 1)]
    [InlineData("SELEC 1", "SELEC 1", 1)]
    [InlineData("SELECT a,\n  FROM t", "FROM t", 2)]
    [InlineData("SELECT 'abc", "'abc", 1)]
    [InlineData("SELECT a, * FROM t", "* FROM t", 1)]
    [InlineData("SELECT 1 /* x", "/* x", 1)]
    public void Syntax_error_names_the_place(string sql, string near, int line)
    {
        SqlError error = Error(sql);

        Assert.Equal(1064, error.Code);
        Assert.EndsWith($"near '{near}' at line {line}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 1065)]
    [InlineData(" -- nothing", 1065)]
    [InlineData(";", 1065)]
    [InlineData("/*!99999 SELECT 1 */", 1065)]
    [InlineData("SELECT 1 AS a FROM (SELECT 1)", 1248)]
    public void Other_errors_have_their_number(string sql, int code) => Assert.Equal(code, Error(sql).Code);

    [Fact]
    public void Identifier_of_65_characters_is_too_long() =>
        Assert.Equal(1059, Error("SELECT * FROM " + new string('a', 65)).Code);

    [Theory]
    [InlineData("SELECT /*! 1")]
    [InlineData("SELECT /* 1")]
    [InlineData("SELECT '1")]
    public void Text_without_its_end_is_an_error_and_still_ends(string sql)
    {
        byte[] text = Encoding.UTF8.GetBytes(sql);
        var lexer = new Lexer(text, default);
        List<TokenKind> kinds = [];
        for (int i = 0; i < text.Length; i++)
            kinds.Add(lexer.Next().Kind);

        Assert.Equal(TokenKind.End, kinds[^1]);
        Assert.Single(kinds, TokenKind.Invalid);
        Assert.Throws<SqlException>(() => Parse(sql));
    }

    [Fact]
    public void Invalid_utf8_is_an_error_in_a_name_and_a_binary_string_in_a_literal()
    {
        SqlException thrown = Assert.Throws<SqlException>(() => Parser.Parse([.. "SELECT `"u8, 0xFF, .. "`"u8], default, out _));
        Statement introduced = Parser.Parse([.. "SELECT _binary '"u8, 0xFF, .. "'"u8], default, out _);
        Statement plain = Parser.Parse([.. "SELECT '"u8, 0xFF, .. "'"u8], default, out _);

        Assert.Equal(1300, thrown.Error.Code);
        Assert.NotNull(introduced);
        Assert.NotNull(plain);
    }

    [Theory]
    [InlineData("a OR b AND NOT c = d", "(`a` or (`b` and (not((`c` = `d`)))))")]
    [InlineData("a XOR b OR c", "((`a` xor `b`) or `c`)")]
    [InlineData("-a ^ b * c - d << e & f | g", "((((((-(`a`) ^ `b`) * `c`) - `d`) << `e`) & `f`) | `g`)")]
    [InlineData("!a = b", "((not(`a`)) = `b`)")]
    [InlineData("a BETWEEN b AND c AND d", "((`a` between `b` and `c`) and `d`)")]
    [InlineData("a = b IS NULL", "((`a` = `b`) is null)")]
    [InlineData("-a COLLATE utf8mb4_bin", "-((`a` collate utf8mb4_bin))")]
    [InlineData("a IN ((1, 2), (3, 4))", "(`a` in ((1,2),(3,4)))")]
    [InlineData("a DIV b MOD c", "((`a` DIV `b`) % `c`)")]
    [InlineData("@a := b OR c", "(@`a` := (`b` or `c`))")]
    [InlineData("a->'$.b' = 'x' 'y'", "((`a` -> '$.b') = 'xy')")]
    [InlineData("a - INTERVAL 1 DAY", "(`a` - interval 1 day)")]
    [InlineData("((SELECT 1) + 1)", "((select 1) + 1)")]
    [InlineData("{d '2020-01-01'}", "DATE'2020-01-01'")]
    public void Precedence_is_MySQLs(string expression, string expected) =>
        Assert.Equal(expected, Printed("SELECT " + expression)["SELECT ".Length..]);

    [Theory]
    [InlineData("SELECT DISTINCT t.*, COUNT(*) c FROM a t LEFT JOIN b ON a.x = b.x, d WHERE x LIKE 'a\\\\b%' ESCAPE '|' GROUP BY 1 WITH ROLLUP HAVING c > 1 ORDER BY 2 DESC LIMIT 1, 2")]
    [InlineData("SELECT 1 UNION ALL SELECT 2 INTERSECT SELECT 3 ORDER BY 1")]
    [InlineData("(SELECT 1 LIMIT 1) UNION (SELECT 2) LIMIT 3")]
    [InlineData("SELECT CASE a WHEN 1 THEN x'0f' ELSE b'101' END, GROUP_CONCAT(DISTINCT a ORDER BY b SEPARATOR ';'), count (a), `f`(1), left('a', 1)")]
    [InlineData("WITH c (n) AS (SELECT 1) SELECT SUM(n) OVER w, CAST(n AS CHAR(3)), TRIM(n), substr(n, 1), CHAR(n USING utf8mb4), `substr`(1) FROM c FORCE INDEX (i) WINDOW w AS (ORDER BY n ROWS 1 PRECEDING)")]
    [InlineData("SELECT 1 UNION SELECT 2 UNION ALL SELECT 3 EXCEPT SELECT 4 UNION (SELECT 5 UNION SELECT 6)")]
    [InlineData("SELECT * FROM (a JOIN b LEFT JOIN c ON x = y) JOIN LATERAL (SELECT 1) AS l (q) WHERE EXISTS (SELECT 1) AND a > ALL (SELECT 2) FOR UPDATE SKIP LOCKED")]
    public void Printing_is_a_fixed_point(string sql)
    {
        string once = Printed(sql);

        Assert.Equal(once, Printed(once));
    }

    [Fact]
    public void Condition_binds_as_the_grammar_says()
    {
        Assert.Equal("select * from ((`a` join `b`) left join `c` on(`x`))", Printed("SELECT * FROM a JOIN b LEFT JOIN c ON x"));
        Assert.Equal("select * from (`a` join (`b` join `c` on(`x`)) on(`y`))", Printed("SELECT * FROM a JOIN b JOIN c ON x ON y"));
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("- ", "")]
    [InlineData("NOT ", "")]
    [InlineData("(SELECT ", ")")]
    [InlineData("f(", ")")]
    [InlineData("CASE WHEN ", " THEN 1 END")]
    [InlineData("1 + ", "")]
    [InlineData("1 BETWEEN 1 AND ", "")]
    public void Depth_is_bounded(string open, string close)
    {
        const int count = 100_000;
        string sql = "SELECT " + string.Concat(Enumerable.Repeat(open, count)) + "1" + string.Concat(Enumerable.Repeat(close, count));

        Assert.Equal(1436, Error(sql).Code);
    }

    [Fact]
    public void Long_lists_and_chains_are_fine()
    {
        var list = (SelectStatement)Parse("SELECT 1 WHERE a IN (" + string.Join(',', Enumerable.Range(0, 100_000)) + ")");
        Statement chain = Parse("SELECT 1 WHERE " + string.Join(" OR ", Enumerable.Repeat("a = 1", 20_000)));
        Statement union = Parse(string.Join(" UNION ALL ", Enumerable.Repeat("SELECT 1", 20_000)));

        Assert.Equal(100_000, ((InListNode)((SelectBody)list.Query.Body).Where!).Items.Length);
        Assert.NotNull(chain);
        Assert.NotNull(union);
    }

    [Fact]
    public void Several_statements_are_taken_one_by_one()
    {
        byte[] text = "SELECT ?, ';'; INSERT INTO t VALUES (?) ; "u8.ToArray();

        Statement first = Parser.Parse(text, default, out int consumed);
        Statement second = Parser.Parse(text.AsSpan(consumed), default, out int rest);

        Assert.Equal(1, first.ParameterCount);
        Assert.IsType<InsertStatement>(second);
        Assert.True(Parser.IsBlank(text.AsSpan(consumed + rest)));
    }

    [Fact]
    public void Sql_mode_changes_the_reading()
    {
        var ansi = new ParseOptions { AnsiQuotes = true, PipesAsConcat = true };

        Assert.Equal("select concat(`a`,'b')", Printed("SELECT \"a\" || 'b'", ansi));
        Assert.Equal("select ('a' or 'b')", Printed("SELECT \"a\" || 'b'"));
        Assert.Equal("select 'a\\\\'", Printed("SELECT 'a\\'", new ParseOptions { NoBackslashEscapes = true }));
    }

    private static Statement Parse(string sql) => Parser.Parse(Encoding.UTF8.GetBytes(sql), default, out _);

    private static SqlError Error(string sql) => Assert.Throws<SqlException>(() => Parse(sql)).Error;

    private static string Printed(string sql, ParseOptions options = default)
    {
        SqlText text = new();
        QueryPrinter.Print(text, ((SelectStatement)Parser.Parse(Encoding.UTF8.GetBytes(sql), options, out _)).Query);
        return text.ToString();
    }
}
