using MySqlConnector;
using P2PDB.Isolation.History;

namespace P2PDB.Isolation.Workload;

/// <summary>Makes one history: fresh rows, sessions that work on them together, and what is left at the end.</summary>
internal static class WorkloadRun
{
    private static readonly IsolationLevel[] Levels = Enum.GetValues<IsolationLevel>();

    /// <summary>Makes the tables, in a database of their own.</summary>
    public static async Task CreateTablesAsync(string connectionString)
    {
        await using MySqlConnection connection = await OpenAsync(connectionString, null);
        await ExecuteAsync(connection, "DROP DATABASE IF EXISTS isolation_check");
        await ExecuteAsync(connection, "CREATE DATABASE isolation_check");
        await ExecuteAsync(connection, "CREATE TABLE isolation_check.lists (k INT PRIMARY KEY, g INT NOT NULL, v TEXT NOT NULL, KEY (g))");
        await ExecuteAsync(connection, "CREATE TABLE isolation_check.members (id INT PRIMARY KEY, g INT NOT NULL, KEY (g))");
    }

    /// <summary>Runs sessions on a server and gives back what they did and saw.</summary>
    public static async Task<TransactionHistory> RunAsync(string connectionString, WorkloadOptions options)
    {
        await using MySqlConnection owner = await OpenAsync(connectionString, "isolation_check");
        await ExecuteAsync(owner, "DELETE FROM lists");
        await ExecuteAsync(owner, "DELETE FROM members");
        for (int key = 0; key < options.ListCount; key++)
            await ExecuteAsync(owner, $"INSERT INTO lists VALUES ({key}, {key % 2}, '')");

        var state = new WorkloadState();
        List<MySqlConnection> connections = [];
        List<WorkloadSession> sessions = [];
        try
        {
            for (int number = 0; number < options.SessionCount; number++)
            {
                MySqlConnection connection = await OpenAsync(connectionString, "isolation_check");
                connections.Add(connection);
                IsolationLevel level = options.Level ?? Levels[number % Levels.Length];
                var session = new WorkloadSession(connection, options, state, number, level, new Random(options.Seed * 1_000 + number));
                sessions.Add(session);
                await session.PrepareAsync();
            }

            await Task.WhenAll(sessions.Select(static session => Task.Run(session.RunAsync)));
        }
        finally
        {
            foreach (MySqlConnection connection in connections)
                await connection.DisposeAsync();
        }

        TransactionHistory history = await ReadEndAsync(owner, options);
        foreach (WorkloadSession session in sessions)
            history.Transactions.AddRange(session.Transactions);
        return history;
    }

    private static async Task<TransactionHistory> ReadEndAsync(MySqlConnection owner, WorkloadOptions options)
    {
        var history = new TransactionHistory();
        await using (var command = new MySqlCommand("SELECT k, v FROM lists", owner))
        await using (MySqlDataReader reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                history.Lists.Add(reader.GetInt32(0), ListReader.Parse(reader.GetString(1)));
        }

        for (int group = 0; group < options.GroupCount; group++)
        {
            List<int> members = [];
            await using var command = new MySqlCommand($"SELECT id FROM members WHERE g = {group}", owner);
            await using MySqlDataReader reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                members.Add(reader.GetInt32(0));
            history.Members.Add(group, [.. members]);
        }

        return history;
    }

    private static async Task<MySqlConnection> OpenAsync(string connectionString, string? database)
    {
        var text = new MySqlConnectionStringBuilder(connectionString) { Pooling = false, SslMode = MySqlSslMode.None };
        if (database is not null)
            text.Database = database;
        var connection = new MySqlConnection(text.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task ExecuteAsync(MySqlConnection connection, string statement)
    {
        await using var command = new MySqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync();
    }
}
