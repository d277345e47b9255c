using System.Globalization;
using MySqlConnector;
using P2PDB.Server.Tests.Transport;

namespace P2PDB.Server.Tests.Clients;

/// <summary>Parameters of statements that MySqlConnector prepares on the server, by type and by place in the statement.</summary>
public sealed class PreparedParametersTests : IAsyncLifetime, IDisposable
{
    private TestServer _server = null!;
    private MySqlConnection _connection = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _connection = new MySqlConnection(
            $"Server=127.0.0.1;Port={_server.Server.LocalEndPoint!.Port};User ID=root;Database=d;SslMode=None;Pooling=false;IgnorePrepare=false;AllowUserVariables=true");
        await _connection.OpenAsync();
        await RunAsync("""
            CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT, i BIGINT, u BIGINT UNSIGNED, f DOUBLE, n DECIMAL(20,6), s VARCHAR(200),
                b LONGBLOB, d DATE, dt DATETIME(6), tm TIME(6), bo BOOL)
            """);
    }

    public async Task DisposeAsync()
    {
        await _connection.CloseAsync();
        await _server.DisposeAsync();
    }

    public void Dispose() => _connection.Dispose();

    [Fact]
    public async Task Every_type_is_stored_as_it_was_sent()
    {
        await using MySqlCommand insert = await PrepareAsync(
            "INSERT INTO t (i, u, f, n, s, b, d, dt, tm, bo) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", 10);
        var date = new DateOnly(2024, 2, 29);
        var moment = new DateTime(2024, 2, 29, 23, 59, 58, 123, DateTimeKind.Unspecified);
        var span = new TimeSpan(-30, 1, 2, 3, 456);
        byte[] bytes = [0, 1, 0x27, 0x5C, 0xFF];
        object?[][] rows =
        [
            [long.MinValue, ulong.MaxValue, 1.5e300, 12345678901234.567891m, "it's \\ ☃ 🚀", bytes, date, moment, span, true],
            [-1, 1u, -0.25, -0.000001m, "", Array.Empty<byte>(), DateOnly.MinValue.AddYears(999), moment.Date, TimeSpan.Zero, false],
            [null, null, null, null, null, null, null, null, null, null],
            [(sbyte)-7, (byte)7, 1.5f, 3m, "7", bytes, moment, date.ToDateTime(default), TimeSpan.FromHours(838), 1],
        ];
        foreach (object?[] row in rows)
        {
            Fill(insert, row);
            Assert.Equal(1, await insert.ExecuteNonQueryAsync());
        }

        await using MySqlCommand select = await PrepareAsync("SELECT i, u, f, n, s, b, d, dt, tm, bo FROM t ORDER BY id", 0);
        List<object?[]> read = await ReadAsync(select);

        Assert.Equal([long.MinValue, ulong.MaxValue, 1.5e300, 12345678901234.567891m, "it's \\ ☃ 🚀", bytes, date.ToDateTime(default), moment, span, true], read[0]);
        Assert.Equal([-1L, 1UL, -0.25, -0.000001m, "", Array.Empty<byte>(), new DateTime(1000, 1, 1), moment.Date, TimeSpan.Zero, false], read[1]);
        Assert.All(read[2], Assert.Null);
        Assert.Equal([-7L, 7UL, 1.5, 3m, "7", bytes, moment.Date, date.ToDateTime(default), TimeSpan.FromHours(838), true], read[3]);
    }

    [Fact]
    public async Task A_parameter_takes_another_type_in_each_execution()
    {
        await using MySqlCommand select = await PrepareAsync("SELECT ? + 1, CONCAT(?, '!'), ? IS NULL", 3);
        (object? Value, string Sum, string Text, string IsNull)[] cases =
        [
            (41, "42", "41!", "0"),
            ("41", "42", "41!", "0"),
            (1.5, "2.5", "1.5!", "0"),
            (null, "", "", "1"),
            (1.25m, "2.25", "1.25!", "0"),
            (1.250m, "2.250", "1.250!", "0"),
            (ulong.MaxValue - 1, "18446744073709551615", "18446744073709551614!", "0"),
            (-5L, "-4", "-5!", "0"),
            ("x", "1", "x!", "0"),
        ];
        foreach ((object? value, string sum, string text, string isNull) in cases)
        {
            Fill(select, value, value, value);
            object?[] row = (await ReadAsync(select))[0];
            Assert.Equal([sum, text, isNull], row.Select(Shown));
        }
    }

    [Fact]
    public async Task Conditions_take_parameters_of_all_types()
    {
        await RunAsync("""
            INSERT INTO t (id, i, n, s, d, dt, tm, b) VALUES (1, 10, 1.5, 'one', '2024-01-01', '2024-01-01 10:00:00', '10:00:00', x'01'),
                (2, 20, 2.5, 'two', '2024-01-02', '2024-01-02 10:00:00', '-10:00:00', x'02'),
                (3, 30, 3.5, 'three', '2024-02-01', '2024-02-01 10:00:00', '34:00:00', x'03')
            """);
        (string Condition, object[] Values, string Ids)[] cases =
        [
            ("id = ?", [2], "2"),
            ("id = ?", ["2"], "2"),
            ("id = ?", [2.0], "2"),
            ("id = ?", [2.5m], ""),
            ("id IN (?, ?)", [1, 3], "1,3"),
            ("id IN (?, ?)", ["1", 3L], "1,3"),
            ("i BETWEEN ? AND ?", [15, 25.5], "2"),
            ("n = ?", [2.5m], "2"),
            ("n > ?", [2], "2,3"),
            ("s LIKE ?", ["t%"], "2,3"),
            ("s = ?", ["one"], "1"),
            ("s IN (?, ?)", ["one", "three"], "1,3"),
            ("d = ?", [new DateTime(2024, 1, 2)], "2"),
            ("d = ?", ["2024-01-02"], "2"),
            ("d > ?", [new DateOnly(2024, 1, 1)], "2,3"),
            ("dt >= ?", [new DateTime(2024, 1, 2, 10, 0, 0)], "2,3"),
            ("dt < ? + INTERVAL ? DAY", [new DateTime(2024, 1, 1), 2], "1,2"),
            ("dt < ? + INTERVAL ? HOUR", ["2024-01-01", "30"], "1"),
            ("tm = ?", [new TimeSpan(-10, 0, 0)], "2"),
            ("tm > ?", [TimeSpan.FromHours(9)], "1,3"),
            ("b = ?", [new byte[] { 2 }], "2"),
            ("? = s AND ? < i", ["two", 15], "2"),
            ("id = (SELECT MAX(id) FROM t WHERE i < ?)", [25], "2"),
            ("CASE WHEN id = ? THEN ? ELSE ? END = ?", [1, "a", "b", "a"], "1"),
        ];
        foreach ((string condition, object[] values, string ids) in cases)
        {
            await using MySqlCommand select = await PrepareAsync($"SELECT id FROM t WHERE {condition} ORDER BY id", values.Length);
            Fill(select, values);
            Assert.Equal((condition, ids), (condition, string.Join(',', (await ReadAsync(select)).Select(row => Shown(row[0])))));
        }
    }

    [Fact]
    public async Task Limit_and_offset_take_parameters()
    {
        await RunAsync("INSERT INTO t (id) VALUES (1), (2), (3), (4), (5)");
        await using MySqlCommand select = await PrepareAsync("SELECT id FROM t ORDER BY id LIMIT ? OFFSET ?", 2);
        foreach ((object count, object offset) in ((object, object)[])[(2, 1), ("2", "1"), (2UL, 1L), ((byte)2, (short)1)])
        {
            Fill(select, count, offset);
            Assert.Equal(["2", "3"], (await ReadAsync(select)).Select(row => Shown(row[0])));
        }

        foreach (object wrong in (object[])[-1, "x", "-1", "1.5", 1.5])
        {
            Fill(select, wrong, 0);
            Assert.Equal(1210, (await Assert.ThrowsAsync<MySqlException>(() => ReadAsync(select))).Number);
        }

        await using MySqlCommand delete = await PrepareAsync("DELETE FROM t ORDER BY id LIMIT ?", 1);
        Fill(delete, 3);
        Assert.Equal(3, await delete.ExecuteNonQueryAsync());
        await using MySqlCommand update = await PrepareAsync("UPDATE t SET i = ? ORDER BY id DESC LIMIT ?", 2);
        Fill(update, 9, 1);
        Assert.Equal(1, await update.ExecuteNonQueryAsync());
        Assert.Equal(["4:", "5:9"], (await QueryAsync("SELECT id, i FROM t ORDER BY id")).Select(row => $"{Shown(row[0])}:{Shown(row[1])}"));
    }

    [Fact]
    public async Task Changes_take_parameters_of_other_types_than_their_columns()
    {
        await using MySqlCommand insert = await PrepareAsync(
            "INSERT INTO t (id, i, n, s, d) VALUES (?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE i = VALUES(i) + ?, s = ?", 7);
        Fill(insert, 1, "15", 2.5, 7, "2024-05-06", 0, "unused");
        Assert.Equal(1, await insert.ExecuteNonQueryAsync());
        Fill(insert, 1L, 20m, "3.5", "x", new DateTime(2024, 5, 6), "100", null);
        Assert.Equal(2, await insert.ExecuteNonQueryAsync());
        Assert.Equal(["1", "120", "2.500000", "", "2024-05-06"], await RowAsync("SELECT id, i, n, s, CAST(d AS CHAR) FROM t"));

        await using MySqlCommand update = await PrepareAsync("UPDATE t SET i = i + ?, s = CONCAT(?, ?), d = ? WHERE id = ?", 5);
        Fill(update, 1, "a", 5, new DateOnly(2024, 12, 31), "1");
        Assert.Equal(1, await update.ExecuteNonQueryAsync());
        Assert.Equal(["121", "a5", "2024-12-31"], await RowAsync("SELECT i, s, CAST(d AS CHAR) FROM t"));
        Fill(update, 2.6, 1.5m, null, null, 1);
        Assert.Equal(1, await update.ExecuteNonQueryAsync());
        Assert.Equal(["124", "", ""], await RowAsync("SELECT i, s, CAST(d AS CHAR) FROM t"));
        Fill(update, "no number", "", "", null, 1);
        Assert.Equal(1292, (await Assert.ThrowsAsync<MySqlException>(() => update.ExecuteNonQueryAsync())).Number);
    }

    [Fact]
    public async Task Statements_without_a_plan_take_parameters()
    {
        await using MySqlCommand set = await PrepareAsync("SET SESSION lock_wait_timeout = ? + 1, SESSION sql_mode = ?", 2);
        Fill(set, 76, "ANSI_QUOTES");
        await set.ExecuteNonQueryAsync();
        Assert.Equal(["77", "ANSI_QUOTES"], await RowAsync("SELECT @@lock_wait_timeout, @@sql_mode"));

        Fill(set, 1.5, "");
        Assert.Equal(1232, (await Assert.ThrowsAsync<MySqlException>(() => set.ExecuteNonQueryAsync())).Number);

        await using MySqlCommand join = await PrepareAsync("CALL p2pdb.join(?)", 1);
        Fill(join, "no ticket");
        Assert.StartsWith("p2pdb.join", (await Assert.ThrowsAsync<MySqlException>(() => join.ExecuteNonQueryAsync())).Message, StringComparison.Ordinal);

        await using MySqlCommand invite = await PrepareAsync("CALL p2pdb.invite(?, ?)", 2);
        Fill(invite, "d", "write");
        Assert.NotEmpty(Shown((await ReadAsync(invite))[0][0]));

        Assert.Equal(["8"], await RowAsync("PREPARE p FROM 'SET @c = ? + 1'; SET @v = 7; EXECUTE p USING @v; SELECT @c"));
    }

    [Fact]
    public async Task Plans_follow_the_schema_between_executions()
    {
        await RunAsync("INSERT INTO t (id, i) VALUES (1, 10)");
        await using MySqlCommand select = await PrepareAsync("SELECT i FROM t WHERE i = ?", 1);
        Fill(select, 10);
        Assert.Equal("10", Shown((await ReadAsync(select))[0][0]));

        await RunAsync("ALTER TABLE t DROP COLUMN u, ADD KEY (i)");

        Assert.Equal("10", Shown((await ReadAsync(select))[0][0]));
        Fill(select, "10");
        Assert.Equal("10", Shown((await ReadAsync(select))[0][0]));
    }

    [Fact]
    public async Task Long_data_is_sent_in_pieces()
    {
        byte[] large = new byte[300_000];
        new Random(1).NextBytes(large);
        await using MySqlCommand insert = await PrepareAsync("INSERT INTO t (i, b, s) VALUES (?, ?, ?)", 3);
        Fill(insert, 1, new MemoryStream(large), "after");

        Assert.Equal(1, await insert.ExecuteNonQueryAsync());

        object?[] row = (await QueryAsync("SELECT i, b, s FROM t"))[0];
        Assert.Equal(1L, row[0]);
        Assert.Equal(large, row[1]);
        Assert.Equal("after", row[2]);
    }

    private async Task<MySqlCommand> PrepareAsync(string sql, int parameterCount)
    {
        var command = new MySqlCommand(sql, _connection);
        for (int i = 0; i < parameterCount; i++)
            command.Parameters.Add(new MySqlParameter());
        await command.PrepareAsync();
        Assert.True(command.IsPrepared);
        return command;
    }

    private static void Fill(MySqlCommand command, params object?[] values)
    {
        Assert.Equal(command.Parameters.Count, values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters[i].ResetDbType();
            command.Parameters[i].Value = values[i];
        }
    }

    private async Task RunAsync(string sql)
    {
        await using var command = new MySqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<List<object?[]>> QueryAsync(string sql)
    {
        await using var command = new MySqlCommand(sql, _connection);
        return await ReadAsync(command);
    }

    private async Task<string[]> RowAsync(string sql) => [.. Assert.Single(await QueryAsync(sql)).Select(Shown)];

    /// <summary>The rows of the last result set.</summary>
    private static async Task<List<object?[]>> ReadAsync(MySqlCommand command)
    {
        List<object?[]> rows = [];
        await using MySqlDataReader reader = await command.ExecuteReaderAsync();
        do
        {
            while (await reader.ReadAsync())
            {
                object?[] row = new object?[reader.FieldCount];
                for (int i = 0; i < row.Length; i++)
                    row[i] = await reader.IsDBNullAsync(i) ? null : reader.GetValue(i);
                rows.Add(row);
            }
        }
        while (await reader.NextResultAsync());
        return rows;
    }

    private static string Shown(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
