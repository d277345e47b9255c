using System.Globalization;
using MySqlConnector;
using P2PDB.Isolation.History;

namespace P2PDB.Isolation.Workload;

/// <summary>One session: runs one random transaction after another, and records what the server answers.</summary>
internal sealed class WorkloadSession(
    MySqlConnection connection, WorkloadOptions options, WorkloadState state, int number, IsolationLevel level, Random random)
{
    private const int Deadlock = 1213;
    private const int LockWaitTimeout = 1205;

    private readonly Queue<int> _spares = new();
    private RecordedTransaction _transaction = null!;

    /// <summary>What it did.</summary>
    public List<RecordedTransaction> Transactions { get; } = [];

    /// <summary>Makes the rows that are moved into groups later.</summary>
    public async Task PrepareAsync()
    {
        await ExecuteAsync($"SET SESSION TRANSACTION ISOLATION LEVEL {NameOf(level)}");
        await ExecuteAsync("SET innodb_lock_wait_timeout = 2");
        for (int i = 0; i < options.SpareCount; i++)
        {
            int id = state.NextId();
            await ExecuteAsync($"INSERT INTO members VALUES ({id}, -1)");
            _spares.Enqueue(id);
        }
    }

    /// <summary>Runs all transactions and disconnects: one that fails keeps no lock that others wait for.</summary>
    public async Task RunAsync()
    {
        await using (connection)
        {
            for (int i = 0; i < options.TransactionCount; i++)
                await RunTransactionAsync();
        }
    }

    private static string NameOf(IsolationLevel level) => level switch
    {
        IsolationLevel.ReadUncommitted => "READ UNCOMMITTED",
        IsolationLevel.ReadCommitted => "READ COMMITTED",
        IsolationLevel.RepeatableRead => "REPEATABLE READ",
        _ => "SERIALIZABLE",
    };

    private async Task RunTransactionAsync()
    {
        _transaction = new RecordedTransaction { Session = number, Level = level, Began = WorkloadState.Now };
        Transactions.Add(_transaction);
        bool isAlone = random.Next(6) == 0;
        try
        {
            if (isAlone)
                await RunStatementAsync();
            else
                await RunStatementsAsync();
        }
        catch (MySqlException failure) when (failure.Number is Deadlock or LockWaitTimeout)
        {
            _transaction.IsCommitted = false;
            if (failure.Number == LockWaitTimeout && !isAlone)
                await ExecuteAsync("ROLLBACK");
        }

        _transaction.Ended = WorkloadState.Now;
        if (!_transaction.IsCommitted)
            return;
        foreach (Operation join in _transaction.Operations.Where(static one => one.Kind == OperationKind.Join && one.UndoneBefore == 0))
            state.Members.Enqueue((join.Id, join.Key));
    }

    private async Task RunStatementAsync()
    {
        await RunStepAsync();
        _transaction.IsCommitted = true;
    }

    private async Task RunStatementsAsync()
    {
        await ExecuteAsync("BEGIN");
        int count = random.Next(2, 6);
        for (int i = 0; i < count; i++)
        {
            if (random.Next(12) == 0)
                await RunAndTakeBackAsync();
            else
                await RunStepAsync();
        }

        bool rollsBack = random.Next(10) == 0;
        await ExecuteAsync(rollsBack ? "ROLLBACK" : "COMMIT");
        _transaction.IsCommitted = !rollsBack;
    }

    private async Task RunAndTakeBackAsync()
    {
        int kept = _transaction.Operations.Count;
        await ExecuteAsync("SAVEPOINT s");
        await RunStepAsync();
        await ExecuteAsync("ROLLBACK TO s");
        foreach (Operation operation in _transaction.Operations.Skip(kept))
            operation.UndoneBefore = _transaction.Operations.Count;
    }

    private Task RunStepAsync() => random.Next(12) switch
    {
        < 3 => ReadAsync(),
        < 5 => ReadMembersAsync(),
        < 8 => AppendAsync(),
        8 => AppendTwoAsync(),
        9 => ReadAndAppendAsync(),
        10 => JoinAsync(),
        _ => LeaveAsync(),
    };

    private async Task ReadAsync()
    {
        ReadMode mode = AnyMode();
        int key = random.Next(options.ListCount);
        string query = random.Next(5) switch
        {
            0 => $"SELECT k, v FROM lists WHERE k BETWEEN {key - 1} AND {key + 1}",
            1 => $"SELECT k, v FROM lists WHERE g = {key % 2}",
            2 => $"SELECT k, v FROM lists WHERE v <> 'none' AND k + 0 <= {key}",
            3 => $"SELECT l.k, l.v FROM lists p JOIN lists l ON l.k = p.k WHERE p.g = {key % 2}",
            _ => $"SELECT k, v FROM lists WHERE k = {key}",
        };
        await ReadListsAsync(query, mode);
    }

    private async Task<Dictionary<int, int[]>> ReadListsAsync(string query, ReadMode mode)
    {
        long started = WorkloadState.Now;
        Dictionary<int, int[]> lists = [];
        await using (var command = new MySqlCommand(query + ClauseOf(mode), connection))
        await using (MySqlDataReader reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                if (!lists.TryAdd(reader.GetInt32(0), ListReader.Parse(reader.GetString(1))))
                    throw new InvalidDataException($"{query} gave row {reader.GetInt32(0)} twice at {level}.");
            }
        }

        _transaction.Operations.Add(new Operation { Kind = OperationKind.Read, Mode = mode, Lists = lists, Started = started });
        return lists;
    }

    private async Task ReadMembersAsync()
    {
        ReadMode mode = AnyMode();
        int group = random.Next(options.GroupCount);
        long started = WorkloadState.Now;
        List<int> members = [];
        string condition = random.Next(3) == 0 ? "g + 0" : "g";
        string query = string.Create(CultureInfo.InvariantCulture, $"SELECT id FROM members WHERE {condition} = {group}{ClauseOf(mode)}");
        await using (var command = new MySqlCommand(query, connection))
        await using (MySqlDataReader reader = await command.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                members.Add(reader.GetInt32(0));
        }

        _transaction.Operations.Add(new Operation
        {
            Kind = OperationKind.ReadMembers,
            Mode = mode,
            Key = group,
            Members = [.. members],
            Started = started,
        });
    }

    private async Task AppendAsync()
    {
        int key = random.Next(options.ListCount);
        int id = state.NextId();
        await ExecuteAsync(random.Next(4) switch
        {
            0 => $"UPDATE lists l JOIN lists p ON l.k = p.k SET l.v = CONCAT(l.v, ',{id}') WHERE p.k = {key}",
            1 => $"INSERT INTO lists VALUES ({key}, {key % 2}, '') ON DUPLICATE KEY UPDATE v = CONCAT(v, ',{id}')",
            _ => $"UPDATE lists SET v = CONCAT(v, ',{id}') WHERE k = {key}",
        });
        Record(OperationKind.Append, key, id);
    }

    private async Task AppendTwoAsync()
    {
        int first = random.Next(options.ListCount - 1);
        int second = random.Next(first + 1, options.ListCount);
        (int firstId, int secondId) = (state.NextId(), state.NextId());
        await ExecuteAsync(
            $"UPDATE lists SET v = CONCAT(v, ',', CASE k WHEN {first} THEN {firstId} ELSE {secondId} END) WHERE k IN ({first}, {second})");
        Record(OperationKind.Append, first, firstId);
        Record(OperationKind.Append, second, secondId);
    }

    /// <summary>What a client does that takes no locks: it reads, and writes on condition that what it read is still there.</summary>
    private async Task ReadAndAppendAsync()
    {
        int key = random.Next(options.ListCount);
        bool isWrittenBefore = _transaction.Operations.Exists(one => one.Kind == OperationKind.Append && one.Key == key);
        Dictionary<int, int[]> read = await ReadListsAsync($"SELECT k, v FROM lists WHERE k = {key}", ReadMode.Plain);
        if (isWrittenBefore || !read.TryGetValue(key, out int[]? list))
            return;
        int id = state.NextId();
        string condition = random.Next(2) == 0 ? $"v = '{ListReader.Format(list)}'" : $"CHAR_LENGTH(v) = {ListReader.Format(list).Length}";
        if (await ExecuteAsync($"UPDATE lists SET v = CONCAT(v, ',{id}') WHERE k = {key} AND {condition}") == 1)
            Record(OperationKind.Append, key, id, list.Length);
    }

    private async Task JoinAsync()
    {
        int group = random.Next(options.GroupCount);
        bool isMoved = random.Next(2) == 0 && _spares.Count > 0;
        int id = isMoved ? _spares.Dequeue() : state.NextId();
        await ExecuteAsync(isMoved ? $"UPDATE members SET g = {group} WHERE id = {id}" : $"INSERT INTO members VALUES ({id}, {group})");
        Record(OperationKind.Join, group, id);
    }

    private async Task LeaveAsync()
    {
        if (!state.Members.TryDequeue(out (int Id, int Group) member))
            return;
        if (await ExecuteAsync($"DELETE FROM members WHERE id = {member.Id}") == 1)
            Record(OperationKind.Leave, member.Group, member.Id);
    }

    private void Record(OperationKind kind, int key, int id, int? expectedCount = null) =>
        _transaction.Operations.Add(new Operation { Kind = kind, Key = key, Id = id, ExpectedCount = expectedCount });

    private async Task<int> ExecuteAsync(string statement)
    {
        await using var command = new MySqlCommand(statement, connection);
        return await command.ExecuteNonQueryAsync();
    }

    private ReadMode AnyMode() => random.Next(8) switch
    {
        0 => ReadMode.Share,
        1 => ReadMode.Update,
        _ => ReadMode.Plain,
    };

    private static string ClauseOf(ReadMode mode) => mode switch
    {
        ReadMode.Share => " LOCK IN SHARE MODE",
        ReadMode.Update => " FOR UPDATE",
        _ => "",
    };
}
