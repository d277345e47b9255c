using System.Globalization;
using System.Text;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Storage.Scratch;

namespace P2PDB.Engine.Tests.Execution.Spilling;

/// <summary>
/// A node on a volume in memory with two tables of random rows: NULLs, few and many different keys, words that differ in case
/// only, long strings, decimals, dates. Statements run with the least memory and with plenty, and must say the same.
/// </summary>
public sealed class SpillNode : IDisposable
{
    private const int RowCount = 6000;
    private static readonly string[] Words = ["apple", "Apple", "APPLE", "pear", "Pear ", "ähre", "Ahre", "zoo", "", "Straße", "strasse"];

    private readonly Database _database;
    private readonly Session _session;

    public SpillNode()
    {
        _database = Database.Open("", new DatabaseOptions { Volume = Volume, HasTicker = false, Seed = 1 });
        _session = _database.OpenSession();
        Run("CREATE DATABASE app; USE app");
        var dice = new Random(7);
        foreach (string table in new[] { "t", "u" })
        {
            Run($"CREATE TABLE {table} (id INT PRIMARY KEY, n INT, few INT, d DECIMAL(30,4), f DOUBLE, at DATETIME(3), word VARCHAR(20) COLLATE utf8mb4_0900_ai_ci, long_text VARCHAR(400), bits VARBINARY(20))");
            var rows = new StringBuilder($"INSERT INTO {table} VALUES ");
            for (int id = 0; id < RowCount; id++)
                rows.Append(id == 0 ? "" : ", ").Append(RowOf(id, dice));
            Assert.Equal("", Run(rows.ToString()));
        }
    }

    internal MemoryVolume Volume { get; } = new(new Random(1));

    internal Session Session => _session;

    internal ScratchSpace Scratch => _session.State.Node.Transactions.Scratch;

    public void Dispose()
    {
        _session.Dispose();
        _database.Dispose();
        Volume.Dispose();
    }

    internal string Run(string sql) => Sink(sql).Text;

    internal TextSink Sink(string sql)
    {
        var sink = new TextSink(_session);
        _session.Execute(Encoding.UTF8.GetBytes(sql), sink);
        return sink;
    }

    /// <summary>Runs a statement with the least memory, so that it must put rows on the disk.</summary>
    internal TextSink RunSpilling(string sql)
    {
        Run("SET p2pdb_statement_memory = 65536");
        TextSink sink = Sink(sql);
        Assert.Equal((0, 0L), (Scratch.FileCount, Scratch.Length));
        Run("SET p2pdb_statement_memory = DEFAULT");
        return sink;
    }

    /// <summary>Checks that a statement says the same with little memory as with plenty, and that it used the disk.</summary>
    internal void Check(string sql, bool isOrdered)
    {
        long filesBefore = Count(StatusCounter.CreatedTmpFiles);
        List<string> expected = Sink(sql).Lines;
        Assert.True(expected.Count > 0 && !expected[0].StartsWith("error", StringComparison.Ordinal), expected.FirstOrDefault());
        Assert.Equal(filesBefore, Count(StatusCounter.CreatedTmpFiles));

        List<string> spilled = RunSpilling(sql).Lines;

        if (!isOrdered)
        {
            expected.Sort(StringComparer.Ordinal);
            spilled.Sort(StringComparer.Ordinal);
        }

        Assert.Equal(expected, spilled);
        Assert.NotEqual(filesBefore, Count(StatusCounter.CreatedTmpFiles));
    }

    internal long Count(StatusCounter counter) => _session.State.Counters[counter];

    private static string RowOf(int id, Random dice)
    {
        string text = new((char)('a' + dice.Next(26)), dice.Next(300));
        string day = new DateTime(1990 + dice.Next(40), 1 + dice.Next(12), 1 + dice.Next(28), 0, 0, 0, dice.Next(1000))
            .ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        string digits = string.Create(CultureInfo.InvariantCulture, $"{dice.NextInt64() - (long.MaxValue / 2)}{(dice.Next(2) == 0 ? "0000" : "")}.{dice.Next(10000)}");
        string[] values =
        [
            dice.Next(4000).ToString(CultureInfo.InvariantCulture),
            dice.Next(5).ToString(CultureInfo.InvariantCulture),
            dice.Next(3) == 0 ? $"{dice.Next(50)}.5" : digits,
            (dice.Next(100) / 8.0).ToString(CultureInfo.InvariantCulture),
            $"'{day}'",
            $"'{Words[dice.Next(Words.Length)]}'",
            $"'{text}{dice.Next(100)}'",
            $"x'{Convert.ToHexString(BitConverter.GetBytes(dice.Next(300)))}'",
        ];
        for (int i = 0; i < values.Length; i++)
            values[i] = dice.Next(12) == 0 ? "NULL" : values[i];
        return string.Create(CultureInfo.InvariantCulture, $"({id}, {string.Join(", ", values)})");
    }
}
