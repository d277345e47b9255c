using MySql.Data.MySqlClient;
using P2PDB.Server.Tests.Transport;

namespace P2PDB.Server.Tests.Clients;

/// <summary>Oracle's own .NET client: connects, queries, prepares and rolls back.</summary>
public sealed class OracleConnectorTests
{
    [Fact]
    public async Task It_connects_queries_prepares_and_rolls_back()
    {
        await using TestServer server = await TestServer.StartAsync();
        // Its login and its reader are synchronous.
        await Task.Run(() => Exercise(server.Server.LocalEndPoint!.Port));
    }

    private static void Exercise(int port)
    {
        using var connection = new MySqlConnection(
            $"Server=127.0.0.1;Port={port};User ID=root;Database=d;SslMode=None;Pooling=false;IgnorePrepare=false");
        connection.Open();
        Assert.StartsWith("8.4", connection.ServerVersion, StringComparison.Ordinal);
        using (var create = new MySqlCommand("CREATE TABLE t (id INT PRIMARY KEY, s VARCHAR(20), d DATETIME, n DECIMAL(8,2))", connection))
            create.ExecuteNonQuery();

        var moment = new DateTime(2024, 2, 29, 1, 2, 3, DateTimeKind.Unspecified);
        using var insert = new MySqlCommand("INSERT INTO t VALUES (@id, @s, @d, @n)", connection);
        insert.Parameters.Add("@id", MySqlDbType.Int32);
        insert.Parameters.Add("@s", MySqlDbType.VarChar);
        insert.Parameters.Add("@d", MySqlDbType.DateTime);
        insert.Parameters.Add("@n", MySqlDbType.NewDecimal);
        insert.Prepare();
        using (MySqlTransaction kept = connection.BeginTransaction())
        {
            Insert(insert, kept, 1, "one ☃", moment, 12.25m);
            Insert(insert, kept, 2, DBNull.Value, DBNull.Value, DBNull.Value);
            kept.Commit();
        }

        using (MySqlTransaction undone = connection.BeginTransaction())
        {
            Insert(insert, undone, 3, "three", moment, 3m);
            undone.Rollback();
        }

        using var select = new MySqlCommand("SELECT id, s, d, n FROM t WHERE id >= @from ORDER BY id", connection);
        select.Parameters.AddWithValue("@from", 1);
        Assert.Equal(2, CheckRows(select, moment));
        select.Prepare();
        Assert.Equal(2, CheckRows(select, moment));
    }

    private static void Insert(MySqlCommand insert, MySqlTransaction transaction, params object[] values)
    {
        insert.Transaction = transaction;
        for (int i = 0; i < values.Length; i++)
            insert.Parameters[i].Value = values[i];
        Assert.Equal(1, insert.ExecuteNonQuery());
    }

    private static int CheckRows(MySqlCommand select, DateTime moment)
    {
        using MySqlDataReader reader = select.ExecuteReader();
        Assert.True(reader.Read());
        Assert.Equal((1, "one ☃", moment, 12.25m), (reader.GetInt32(0), reader.GetString(1), reader.GetDateTime(2), reader.GetDecimal(3)));
        int count = 1;
        for (; reader.Read(); count++)
            Assert.True(reader.IsDBNull(1) && reader.IsDBNull(2) && reader.IsDBNull(3));
        return count;
    }
}
