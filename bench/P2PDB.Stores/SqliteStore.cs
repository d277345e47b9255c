namespace P2PDB.Stores;

/// <summary>SQLite with a rowid table, WAL, synchronous=OFF and a cache for all pages; each call is one execution of a prepared statement that commits by itself.</summary>
internal sealed class SqliteStore : RowStore
{
    private readonly nint _database;
    private nint _read;
    private nint _scan;
    private nint _write;

    public SqliteStore(string directory)
    {
        Check(SqliteNative.Open(Path.Combine(directory, "sqlite.db"), out _database, SqliteNative.OpenFlags, 0));
        Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-524288");
        Run("CREATE TABLE t (id INTEGER PRIMARY KEY, k INTEGER NOT NULL, v BLOB NOT NULL)");
    }

    public override string Name => "SQLite";

    public override unsafe void Load(int count)
    {
        Run("BEGIN");
        nint insert = Prepare("INSERT INTO t VALUES (?, ?, ?)");
        byte[] value = new byte[ValueLength];
        // SAFETY: the value is pinned while statements have its address.
        fixed (byte* address = value)
        {
            for (int key = 0; key < count; key++)
            {
                Check(SqliteNative.BindInt64(insert, 1, key));
                Check(SqliteNative.BindInt64(insert, 2, key));
                Check(SqliteNative.BindBlob(insert, 3, address, value.Length, 0));
                Finish(insert);
            }
        }

        Check(SqliteNative.End(insert));
        Run("COMMIT");
        _read = Prepare("SELECT k, v FROM t WHERE id = ?");
        _scan = Prepare("SELECT k, v FROM t WHERE id >= ? AND id < ?");
        _write = Prepare("UPDATE t SET k = ?, v = ? WHERE id = ?");
    }

    public override long Read(int key)
    {
        Check(SqliteNative.BindInt64(_read, 1, key));
        return Sum(_read);
    }

    public override long Scan(int from, int to)
    {
        Check(SqliteNative.BindInt64(_scan, 1, from));
        Check(SqliteNative.BindInt64(_scan, 2, to));
        return Sum(_scan);
    }

    public override unsafe void Write(int key, long number, ReadOnlySpan<byte> value)
    {
        Check(SqliteNative.BindInt64(_write, 1, number));
        Check(SqliteNative.BindInt64(_write, 3, key));
        // SAFETY: the value is pinned until the statement is done.
        fixed (byte* address = value)
        {
            Check(SqliteNative.BindBlob(_write, 2, address, value.Length, 0));
            Finish(_write);
        }
    }

    public override void Dispose()
    {
        Check(SqliteNative.End(_read));
        Check(SqliteNative.End(_scan));
        Check(SqliteNative.End(_write));
        Check(SqliteNative.Close(_database));
    }

    private static unsafe long Sum(nint statement)
    {
        long sum = 0;
        int status;
        while ((status = SqliteNative.Step(statement)) == SqliteNative.Row)
        {
            // SAFETY: the blob is SQLite's until the next step; its length was asked for, and it is not empty.
            byte* value = SqliteNative.ColumnBlob(statement, 1);
            sum += SqliteNative.ColumnInt64(statement, 0) + SqliteNative.ColumnBytes(statement, 1) + value[0];
        }

        Check(SqliteNative.Reset(statement));
        return status == SqliteNative.Done ? sum : throw new InvalidOperationException($"SQLite: {status}");
    }

    private static void Finish(nint statement)
    {
        int status = SqliteNative.Step(statement);
        Check(SqliteNative.Reset(statement));
        if (status != SqliteNative.Done)
            throw new InvalidOperationException($"SQLite: {status}");
    }

    private nint Prepare(string sql)
    {
        Check(SqliteNative.Prepare(_database, sql, -1, out nint statement, 0));
        return statement;
    }

    private void Run(string sql) => Check(SqliteNative.Execute(_database, sql, 0, 0, 0));

    private static void Check(int status)
    {
        if (status != SqliteNative.Ok)
            throw new InvalidOperationException($"SQLite: {status}");
    }
}
