using P2PDB.Engine.Accounts;
using P2PDB.Engine.Execution;
using P2PDB.Engine.Execution.Accounts;
using P2PDB.Engine.Execution.Direct;
using P2PDB.Engine.Execution.Statements;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Sql;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Types;

namespace P2PDB.Engine;

/// <summary>One client's conversation with a database: statements one after another, on the caller's thread.</summary>
public sealed class Session : IDisposable
{
    private readonly NodeContext _node;
    private readonly StatementRunner _runner;

    internal Session(NodeContext node, SessionOptions options, StoredAccount? account)
    {
        _node = node;
        State = node.OpenSession(options.User, options.Host, options.ConnectionId, account);
        if (account is not null)
            State.MustResetPassword = LoginRules.IsExpired(node.Accounts, node.Globals, account);
        State.CountsFoundRows = options.CountsFoundRows;
        State.TlsVersion = options.TlsVersion;
        State.TlsCipher = options.TlsCipher;
        State.ApplySettings();
        _runner = new StatementRunner(State);
    }

    /// <summary>What the session carries.</summary>
    internal SessionState State { get; }

    /// <summary>CONNECTION_ID().</summary>
    public uint ConnectionId => State.ConnectionId;

    /// <summary>State flags for the client.</summary>
    public SessionStatus Status => State.Status;

    /// <summary>The chosen database, or null.</summary>
    public string? CurrentDatabase => State.Schema;

    /// <summary>The zone that TIMESTAMP values are shown in.</summary>
    public SessionTimeZone TimeZone => State.Evaluation.TimeZone;

    /// <summary>True while a transaction is open.</summary>
    public bool InTransaction => State.Transaction.IsOpen;

    /// <summary>True unless autocommit was switched off.</summary>
    public bool AutoCommit => State.IsAutoCommit;

    /// <summary>
    /// Called when KILL has named the connection or the database closes, on the thread that did so, which may be the session's own:
    /// the owner of the connection ends it.
    /// </summary>
    public Action? Killed
    {
        get => State.Killed;
        set => State.Killed = value;
    }

    /// <summary>True once KILL has named the connection.</summary>
    public bool IsKilled => State.IsKilled;

    /// <summary>True where one call may hold several statements.</summary>
    public bool AllowsMultipleStatements { get; set; } = true;

    /// <summary>Runs the statements of a text, until one fails. All answers, errors too, go to the sink.</summary>
    public void Execute(ReadOnlySpan<byte> sql, ResultSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (_runner.TryRunKept(sql, sink, out _))
            return;
        if (Parser.IsBlank(sql))
        {
            _runner.Fail(SqlErrors.EmptyQuery(), sink);
            return;
        }

        ReadOnlySpan<byte> rest = sql;
        while (true)
        {
            Statement statement;
            int consumed;
            try
            {
                statement = Parser.Parse(rest, _runner.ParseOptions, out consumed);
            }
            catch (SqlException exception)
            {
                _runner.Fail(exception.Error, sink);
                return;
            }

            ReadOnlySpan<byte> text = rest[..consumed];
            if (statement.ParameterCount > 0)
            {
                _runner.Fail(UnboundParameter(sql, sql.Length - rest.Length), sink);
                return;
            }

            rest = rest[consumed..];
            bool isLast = Parser.IsBlank(rest);
            if (!isLast && !AllowsMultipleStatements)
            {
                string near = System.Text.Encoding.UTF8.GetString(rest.Length > 80 ? rest[..80] : rest);
                _runner.Fail(SqlErrors.ParseError(near, 1), sink);
                return;
            }

            if (!_runner.Run(statement, text, sink, isLast) || isLast)
                return;
        }
    }

    /// <summary>Prepares one statement; a <see cref="SqlException"/> says what is wrong with it.</summary>
    public PreparedStatement Prepare(ReadOnlySpan<byte> sql)
    {
        State.Counters.Add(StatusCounter.ComStmtPrepare);
        byte[] text = sql.ToArray();
        Statement statement = Parser.Parse(text, _runner.ParseOptions, out int consumed);
        if (!Parser.IsBlank(text.AsSpan(consumed)))
            throw SqlErrors.ParseError(System.Text.Encoding.UTF8.GetString(text.AsSpan(consumed)), 1).ToException();
        return new PreparedStatement(this, _runner, statement, text);
    }

    /// <summary>
    /// Opens a table to read and write its rows by key, without SQL text; a <see cref="SqlException"/> where there is none of the name, or it is a view.
    /// </summary>
    public TableHandle OpenTable(string database, string table)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(table);
        State.ApplySettings();
        return new TableHandle(new BoundTable(_runner, database, table), $"{database}.{table}");
    }

    /// <summary>Adds bytes that the session's connection has moved, for Bytes_received and Bytes_sent; on the session's thread.</summary>
    public void CountTraffic(long receivedLength, long sentLength)
    {
        State.Counters.Add(StatusCounter.BytesReceived, receivedLength);
        State.Counters.Add(StatusCounter.BytesSent, sentLength);
    }

    /// <summary>Error 1095, or null, for ending the session of another connection.</summary>
    public SqlError? RefusalOfKill(uint connectionId)
    {
        try
        {
            State.RequireKill(connectionId, _node.FindSession(connectionId));
            return null;
        }
        catch (SqlException exception)
        {
            return exception.Error;
        }
    }

    /// <summary>Makes a database current; a <see cref="SqlException"/> where there is none of the name.</summary>
    public void UseDatabase(string name) => DatabaseExecutor.Use(_runner.Context, name);

    /// <summary>Rolls back and forgets variables and prepared statements, as a reset connection does.</summary>
    public void Reset() => State.Reset();

    /// <summary>Ends the statement under way; from any thread.</summary>
    public void Kill() => State.Kill(connection: false);

    /// <summary>Ends the statement under way and lets no other one go on, as KILL with the connection's id does; from any thread.</summary>
    public void KillConnection() => State.Kill(connection: true);

    /// <inheritdoc/>
    public void Dispose() => _node.CloseSession(State);

    /// <summary>A ? outside a prepared statement is a syntax error at its place.</summary>
    private SqlError UnboundParameter(ReadOnlySpan<byte> sql, int from)
    {
        var lexer = new Lexer(sql[from..], _runner.ParseOptions);
        Token token = lexer.Next();
        while (token.Kind is not (TokenKind.Parameter or TokenKind.End))
            token = lexer.Next();
        return ((SqlException)SyntaxErrors.Syntax(sql, from + token.Start)).Error;
    }
}
