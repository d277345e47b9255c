using System.Collections.Concurrent;
using System.Text;
using P2PDB.Engine;
using P2PDB.Engine.Types;
using P2PDB.Server.Sessions;

namespace P2PDB.Server.Tests.Sessions;

/// <summary>An engine that knows a handful of statements, so that the protocol is tested before and apart from SQL.</summary>
internal sealed class ScriptedEngine : EngineDatabase
{
    public List<Account> Accounts { get; } = [];

    public ConcurrentDictionary<uint, ScriptedSession> Sessions { get; } = new();

    public override Account? FindAccount(string user, string host) => Accounts.Find(account => account.User == user);

    public override EngineSession OpenSession(SessionOpening opening) =>
        Sessions[opening.ConnectionId] = new ScriptedSession(opening);
}

/// <summary>A session of <see cref="ScriptedEngine"/>.</summary>
internal sealed class ScriptedSession(SessionOpening opening) : EngineSession
{
    private readonly ManualResetEventSlim _killed = new(false);
    private readonly RowBatch _one = new([SqlType.BigInt]);
    private readonly ResultColumn[] _oneColumns = [new ResultColumn("1", SqlType.BigInt) { Traits = ResultColumnTraits.NotNull }];
    private string? _database;

    public SessionOpening Opening { get; } = opening;

    public int ResetCount { get; private set; }

    public override SessionStatus Status => SessionStatus.AutoCommit;

    public override string? CurrentDatabase => _database;

    public override SessionTimeZone TimeZone => SessionTimeZone.Utc;

    public override bool AllowsMultipleStatements { get; set; }

    public override void Execute(ReadOnlySpan<byte> sql, ResultSink sink)
    {
        if (sql.SequenceEqual("SELECT 1"u8))
        {
            SelectOne(sink, SessionStatus.AutoCommit);
            return;
        }

        string text = Encoding.UTF8.GetString(sql);
        if (text.StartsWith("SELECT * FROM `", StringComparison.Ordinal))
        {
            sink.Columns(_oneColumns);
            sink.RowsDone(new StatementOutcome { Status = Status });
        }
        else if (text == "WAIT")
        {
            _killed.Wait(TimeSpan.FromSeconds(20));
            sink.Fail(SqlErrors.QueryInterrupted());
        }
        else if (text == "SELECT 1; SELECT 1" && AllowsMultipleStatements)
        {
            SelectOne(sink, Status | SessionStatus.MoreResults);
            SelectOne(sink, Status);
        }
        else if (text.StartsWith("SELECT REPEAT ", StringComparison.Ordinal))
        {
            SelectBytes(sink, int.Parse(text.AsSpan(14), provider: null));
        }
        else if (text.StartsWith("SELECT ROWS ", StringComparison.Ordinal))
        {
            SelectRows(sink, int.Parse(text.AsSpan(12), provider: null));
        }
        else if (text.StartsWith("SELECT ECHO ", StringComparison.Ordinal))
        {
            SelectText(sink, sql[12..]);
        }
        else if (text == "CRASH")
        {
            throw new InvalidOperationException("scripted");
        }
        else if (text.StartsWith("SET ", StringComparison.Ordinal) || text.Length == 0 || text.StartsWith("/*", StringComparison.Ordinal))
        {
            sink.Ok(new StatementOutcome { Status = Status });
        }
        else if (text.StartsWith("INSERT", StringComparison.Ordinal))
        {
            sink.Ok(new StatementOutcome { AffectedRows = 3, LastInsertId = 300, Warnings = 1, Message = "Records: 3", Status = Status });
        }
        else
        {
            sink.Fail(SqlErrors.ParseError(text, 1));
        }
    }

    public override EngineStatement Prepare(ReadOnlySpan<byte> sql)
    {
        if (sql.SequenceEqual("BAD"u8))
            throw SqlErrors.ParseError("BAD", 1).ToException();
        return new EchoStatement(sql.Count((byte)'?'));
    }

    public override void UseDatabase(string name)
    {
        if (name == "missing")
            throw SqlErrors.UnknownDatabase(name).ToException();
        _database = name;
    }

    public override void Reset() => ResetCount++;

    public override void Kill() => _killed.Set();

    public override void Dispose()
    {
    }

    private void SelectOne(ResultSink sink, SessionStatus status)
    {
        sink.Columns(_oneColumns);
        _one.Reset();
        _one.RowCount = 1;
        _one.Column(0).SetInt64(0, 1);
        sink.Rows(_one);
        sink.RowsDone(new StatementOutcome { Status = status });
    }

    private void SelectText(ResultSink sink, ReadOnlySpan<byte> text)
    {
        sink.Columns([new ResultColumn("echo", SqlType.VarChar(100))]);
        var batch = new RowBatch([SqlType.VarChar(100)]) { RowCount = 1 };
        batch.Column(0).SetBytes(0, text);
        sink.Rows(batch);
        sink.RowsDone(new StatementOutcome { Status = Status });
    }

    private void SelectBytes(ResultSink sink, int length)
    {
        sink.Columns([new ResultColumn("bytes", SqlType.LongBlob)]);
        var batch = new RowBatch([SqlType.LongBlob]) { RowCount = 1 };
        batch.Column(0).AllocateBytes(0, length).Fill((byte)'x');
        sink.Rows(batch);
        sink.RowsDone(new StatementOutcome { Status = Status });
    }

    private void SelectRows(ResultSink sink, int count)
    {
        sink.Columns(_oneColumns);
        var batch = new RowBatch([SqlType.BigInt]);
        for (int sent = 0; sent < count && !sink.IsClosed; sent += batch.RowCount)
        {
            batch.RowCount = Math.Min(count - sent, RowBatch.RowCountMax);
            for (int row = 0; row < batch.RowCount; row++)
                batch.Column(0).SetInt64(row, sent + row);
            sink.Rows(batch);
        }

        sink.RowsDone(new StatementOutcome { Status = Status });
    }
}

/// <summary>Answers its parameters, one column each.</summary>
internal sealed class EchoStatement(int parameterCount) : EngineStatement
{
    private readonly ResultColumn[] _columns =
        [.. Enumerable.Range(0, Math.Max(parameterCount, 1)).Select(i => new ResultColumn($"p{i}", SqlType.VarChar(100)))];

    public override int ParameterCount => parameterCount;

    public override ReadOnlySpan<ResultColumn> Columns => _columns;

    public override void Execute(ParameterSet parameters, ResultSink sink)
    {
        SqlType[] types = new SqlType[_columns.Length];
        for (int i = 0; i < types.Length; i++)
        {
            types[i] = i >= parameterCount ? SqlType.BigInt : parameters.GetKind(i) switch
            {
                ParameterKind.SignedInteger => SqlType.BigInt,
                ParameterKind.UnsignedInteger => SqlType.UnsignedBigInt,
                ParameterKind.FloatingPoint => SqlType.Double,
                ParameterKind.Date => SqlType.Date,
                ParameterKind.DateTime => SqlType.DateTime(6),
                ParameterKind.Time => SqlType.Time(6),
                ParameterKind.Binary => SqlType.LongBlob,
                _ => SqlType.VarChar(100),
            };
        }

        ResultColumn[] columns = [.. types.Select((type, i) => new ResultColumn($"p{i}", type))];
        sink.Columns(columns);
        var batch = new RowBatch(types) { RowCount = 1 };
        for (int i = 0; i < parameterCount; i++)
        {
            ColumnVector vector = batch.Column(i);
            switch (parameters.GetKind(i))
            {
                case ParameterKind.Null: vector.SetNull(0); break;
                case ParameterKind.FloatingPoint: vector.SetDouble(0, parameters.GetDouble(i)); break;
                case ParameterKind.Text or ParameterKind.Binary or ParameterKind.ExactNumber:
                    vector.SetBytes(0, parameters.GetBytes(i));
                    break;
                default: vector.SetInt64(0, parameters.GetInt64(i)); break;
            }
        }

        if (parameterCount == 0)
            batch.Column(0).SetInt64(0, 1);
        sink.Rows(batch);
        sink.RowsDone(new StatementOutcome { Status = SessionStatus.AutoCommit });
    }

    public override void Dispose()
    {
    }
}
