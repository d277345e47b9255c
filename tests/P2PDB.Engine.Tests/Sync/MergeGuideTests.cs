using System.Runtime.CompilerServices;

namespace P2PDB.Engine.Tests.Sync;

/// <summary>What docs/merge.md says two writes give that were made apart, tried on two nodes.</summary>
public sealed class MergeGuideTests
{
    /// <summary>Rights to a counter with "min" would have to be passed to the second node first: its row is left out here.</summary>
    [Fact]
    public void The_table_of_policies_holds()
    {
        List<string[]> table = Table("| policy |");
        string[] writes = table[0][1..];
        using SqlPair pair = new("CREATE TABLE none (id INT PRIMARY KEY)");
        List<string[]> rows = table.FindAll(row => row.Length == table[0].Length && row[0] is not ("policy" or "`counter`, `min`") && !row[0].StartsWith('-'));
        for (int i = 0; i < rows.Count; i++)
        {
            string attribute = rows[i][0] == "`counter`, `grow`" ? """{"merge":"counter","grow":true}""" : $$"""{"merge":"{{rows[i][0].Trim('`')}}"}""";
            pair.RunAtOwner($"CREATE TABLE t{i} (id INT PRIMARY KEY, v INT ENGINE_ATTRIBUTE '{attribute}'); INSERT INTO t{i} VALUES (0, 10), (1, 10), (2, 10), (3, 10), (4, 10)");
        }

        pair.Meet();
        for (int i = 0; i < rows.Count; i++)
        {
            for (int column = 0; column < writes.Length; column++)
            {
                string[] two = Array.ConvertAll(writes[column].Split(" and "), write => write.Trim('`'));
                pair.RunAtOwner($"UPDATE t{i} SET v {Assignment(two[0])} WHERE id = {column}");
                pair.RunAtGuest($"UPDATE t{i} SET v {Assignment(two[1])} WHERE id = {column}");
            }
        }

        pair.Meet();
        Assert.True(rows.Count >= 7);
        for (int i = 0; i < rows.Count; i++)
        {
            string[] shown = pair.RunAtGuest($"SELECT v FROM t{i} ORDER BY id").Split('\n');
            Assert.Equal($"{rows[i][0]} {string.Join(' ', rows[i][1..].Select(cell => cell.Split(',')[0]))}", $"{rows[i][0]} {string.Join(' ', shown)}");
        }

        pair.AssertSameState();

        static string Assignment(string write) => write.StartsWith('=') ? write : $"= v {write}";
    }

    [Fact]
    public void The_table_of_texts_holds()
    {
        List<string[]> rows = Table("| `the black cat sat` |").FindAll(row => IsValue(row[0]) && IsValue(row[1]));
        using SqlPair pair = new("""CREATE TABLE t (id INT PRIMARY KEY, v TEXT ENGINE_ATTRIBUTE '{"merge":"text"}')""");
        for (int i = 0; i < rows.Count; i++)
            pair.RunAtOwner($"INSERT INTO t VALUES ({i}, 'the cat sat')");
        pair.Meet();
        for (int i = 0; i < rows.Count; i++)
        {
            pair.RunAtOwner($"UPDATE t SET v = {Literal(rows[i][0])} WHERE id = {i}");
            pair.RunAtGuest($"UPDATE t SET v = {Literal(rows[i][1])} WHERE id = {i}");
        }

        pair.Meet();
        Assert.True(rows.Count >= 7);
        for (int i = 0; i < rows.Count; i++)
            pair.AssertBoth("1", $"SELECT v <=> {Literal(rows[i][2])} FROM t WHERE id = {i}");
        pair.AssertSameState();
    }

    /// <summary>True where a cell begins with a value.</summary>
    private static bool IsValue(string cell) => cell.StartsWith('`') || cell.StartsWith("NULL", StringComparison.Ordinal);

    private static string Literal(string cell)
    {
        if (!cell.StartsWith('`'))
            return "NULL";
        string value = cell[1..cell.IndexOf('`', 1)];
        return value == "''" ? value : $"'{value}'";
    }

    /// <summary>The cells of a table from the row on that begins so.</summary>
    private static List<string[]> Table(string start)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Path.GetDirectoryName(SourcePath())!, "..", "..", "..", "docs", "merge.md"));
        return [.. lines.SkipWhile(line => !line.StartsWith(start, StringComparison.Ordinal)).TakeWhile(line => line.StartsWith('|'))
            .Select(line => Array.ConvertAll(line.Trim('|').Split('|'), cell => cell.Trim(' ')))];
    }

    private static string SourcePath([CallerFilePath] string path = "") => path;
}
