using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using P2PDB.Engine.Accounts;
using P2PDB.Engine.Execution.Accounts;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Execution.Variables;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution;

/// <summary>Everything a session carries from one statement to the next; used by one thread, but for being killed.</summary>
internal sealed class SessionState : ISessionValues, IDisposable
{
    /// <summary>The least that p2pdb_statement_memory means: a few batches of rows.</summary>
    private const long StatementMemoryLengthMin = 1 << 16;

    private readonly Dictionary<string, SqlValue> _userVariables = new(StringComparer.OrdinalIgnoreCase);
    private readonly ManualResetEventSlim _stopSignal = new();
    private EvaluationContext? _estimation;
    private IsolationLevel _isolation = IsolationLevel.RepeatableRead;
    private bool _isReadOnly;
    private ImmutableArray<AccountKey> _chosenRoles = [];
    private Rights _rights = Rights.Unlimited;
    private int _settingsVersion = -1;
    private volatile bool _isStopped;
    private volatile bool _isKilled;

    /// <summary>Makes the state of a new session.</summary>
    public SessionState(NodeContext node, uint connectionId, string user, string host, AccountKey? account = null)
    {
        Node = node;
        LoginAccount = account;
        if (account is { } key)
        {
            AccountSet accounts = node.Accounts.Current;
            _chosenRoles = Roles.AtLogin(node, accounts, key);
            _rights = Rights.Of(accounts, key, _chosenRoles);
        }

        ConnectionId = connectionId;
        User = user;
        Host = host;
        Variables = new SessionVariables(node.Globals);
        Transaction = new Transaction(node.Transactions);
        Evaluation = new EvaluationContext(this, new Random(node.NextSeed())) { Clock = node.Clock };
    }

    /// <summary>The node.</summary>
    public NodeContext Node { get; }

    /// <inheritdoc/>
    public uint ConnectionId { get; }

    /// <summary>User name, as the client gave it.</summary>
    public string User { get; set; }

    /// <summary>Where the client comes from.</summary>
    public string Host { get; set; }

    /// <summary>The account that a client has logged in with; null for the program that the engine runs in, which may do everything.</summary>
    public AccountKey? LoginAccount { get; }

    /// <summary>The account by which privileges are decided.</summary>
    public AccountKey Account => LoginAccount ?? new AccountKey(User, "%");

    /// <summary>What the account's statements are limited to, as of the login.</summary>
    public AccountLimits StatementLimits { get; init; }

    /// <summary>True while the account's password has expired: nothing goes but giving it another.</summary>
    public bool MustResetPassword { get; set; }

    /// <summary>What the session may do now: another object once accounts, grants or active roles have changed.</summary>
    public Rights Rights =>
        LoginAccount is null || ReferenceEquals(_rights.Accounts, Node.Accounts.Current) ? _rights : RenewRights();

    /// <summary>Makes other roles the active ones; they are the account's.</summary>
    public void ChooseRoles(ImmutableArray<AccountKey> roles)
    {
        _chosenRoles = roles;
        RenewRights();
    }

    /// <summary>System variables.</summary>
    public SessionVariables Variables { get; }

    /// <summary>The transaction.</summary>
    public Transaction Transaction { get; }

    /// <summary>What expressions evaluate in.</summary>
    public EvaluationContext Evaluation { get; }

    /// <summary>What conditions are evaluated in over samples, while planning: the session's settings, and warnings that nobody reads.</summary>
    public EvaluationContext EstimationFor(SqlValue[] parameters)
    {
        _estimation ??= new EvaluationContext(this) { Clock = Node.Clock };
        _estimation.Begin(Evaluation.StatementTimeMicroseconds);
        _estimation.Mode = Evaluation.Mode;
        _estimation.TimeZone = Evaluation.TimeZone;
        _estimation.DivisionScaleIncrement = Evaluation.DivisionScaleIncrement;
        _estimation.DefaultWeekFormat = Evaluation.DefaultWeekFormat;
        _estimation.Parameters = parameters;
        return _estimation;
    }

    /// <summary>Chosen database, or null.</summary>
    public string? Schema { get; set; }

    /// <summary>Conditions of the statement before, for SHOW WARNINGS.</summary>
    public List<SqlError> Conditions { get; } = [];

    /// <summary>Statements of PREPARE, by name.</summary>
    public Dictionary<string, PreparedText> PreparedTexts { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>True where affected rows count those found, not those changed: the client's flag.</summary>
    public bool CountsFoundRows { get; set; }

    /// <summary>Version of TLS that the client speaks; empty for none.</summary>
    public string TlsVersion { get; set; } = "";

    /// <summary>Cipher suite of TLS; empty for none.</summary>
    public string TlsCipher { get; set; } = "";

    /// <summary>True unless autocommit was switched off.</summary>
    public bool IsAutoCommit { get; private set; } = true;

    /// <summary>What SET TRANSACTION said of the next transaction alone: its level, or null.</summary>
    public IsolationLevel? NextIsolation { get; set; }

    /// <summary>What SET TRANSACTION said of the next transaction alone: READ ONLY, READ WRITE, or null.</summary>
    public bool? NextIsReadOnly { get; set; }

    /// <summary>True where foreign keys are checked.</summary>
    public bool ChecksForeignKeys { get; private set; } = true;

    /// <summary>What the session has done.</summary>
    public StatusCounters Counters { get; } = new();

    /// <summary>The statement that runs, for SHOW PROCESSLIST.</summary>
    public StatementText CurrentStatement { get; } = new();

    /// <summary>When the current statement, or the rest after it, began.</summary>
    public long StateSinceMicroseconds { get; set; }

    /// <inheritdoc/>
    public string ServerVersion => Variables.Get("version") ?? "";

    /// <inheritdoc/>
    public string? DatabaseName => Schema;

    /// <inheritdoc/>
    public string UserName => $"{User}@{Host}";

    /// <inheritdoc/>
    public string AccountName => Account.Plain;

    /// <inheritdoc/>
    public string RoleNames => Roles.Format(Rights.ActiveRoles);

    /// <inheritdoc/>
    public ulong LastInsertId { get; set; }

    /// <inheritdoc/>
    public long RowCount { get; set; } = -1;

    /// <inheritdoc/>
    public long FoundRowCount { get; set; }

    /// <summary>Called when the connection is to end, on the thread that ended it.</summary>
    public Action? Killed { get; set; }

    /// <summary>Bytes that a statement's operators may hold: p2pdb_statement_memory.</summary>
    public long StatementMemoryLengthMax { get; private set; }

    /// <summary>True where the log keeps the texts of statements beside their effects: p2pdb_log_statements.</summary>
    public bool KeepsStatements { get; private set; }

    /// <summary>True once the connection is to end.</summary>
    public bool IsKilled => _isKilled;

    /// <summary>True where the statement under way is to end.</summary>
    public bool IsStopped => _isStopped || _isKilled;

    /// <summary>The session's status flags for the client.</summary>
    public SessionStatus Status =>
        (Transaction.IsOpen ? SessionStatus.InTransaction : SessionStatus.None)
        | (IsAutoCommit ? SessionStatus.AutoCommit : SessionStatus.None)
        | ((Evaluation.Mode & SqlMode.NoBackslashEscapes) != 0 ? SessionStatus.NoBackslashEscapes : SessionStatus.None);

    /// <inheritdoc/>
    public SqlValue GetUserVariable(string name) => _userVariables.GetValueOrDefault(name, SqlValue.Null);

    /// <inheritdoc/>
    public void SetUserVariable(string name, in SqlValue value) => _userVariables[name] = value;

    /// <inheritdoc/>
    public SqlValue GetSystemVariable(string name, bool isGlobal) => VariableValues.Get(this, name, isGlobal);

    /// <inheritdoc/>
    public long? UserLock(string function, string name, double timeoutSeconds) => null;

    /// <inheritdoc/>
    public bool Sleep(double seconds)
    {
        if (IsStopped)
            return true;
        TimeSpan wait = TimeSpan.FromSeconds(Math.Min(seconds, 365 * 86_400.0));
        return _stopSignal.Wait(wait < TimeSpan.Zero ? TimeSpan.Zero : wait);
    }

    /// <summary>Takes over settings that changed since the last statement, into their working form.</summary>
    public void ApplySettings()
    {
        if (_settingsVersion == Variables.Version)
            return;
        _settingsVersion = Variables.Version;
        KeepsStatements = Variables.GetBoolean("p2pdb_log_statements");
        StatementMemoryLengthMax = Math.Max(StatementMemoryLengthMin, Variables.GetInt64("p2pdb_statement_memory"));
        Evaluation.Mode = SqlModes.Parse(Variables.Get("sql_mode") ?? "");
        if (SessionTimeZone.TryParse(Variables.Get("time_zone") ?? "SYSTEM", out SessionTimeZone zone))
            Evaluation.TimeZone = zone;
        Evaluation.GroupConcatLengthMax = Variables.GetInt64("group_concat_max_len");
        Evaluation.PacketLengthMax = Variables.GetInt64("max_allowed_packet");
        Evaluation.DivisionScaleIncrement = (int)Variables.GetInt64("div_precision_increment");
        Evaluation.DefaultWeekFormat = (int)Variables.GetInt64("default_week_format");
        Transaction.LockTimeout = TimeSpan.FromSeconds(Variables.GetInt64("innodb_lock_wait_timeout"));
        IsAutoCommit = Variables.GetBoolean("autocommit");
        _isReadOnly = Variables.GetBoolean("transaction_read_only");
        _isolation = Variables.Get("transaction_isolation") switch
        {
            "READ-UNCOMMITTED" => IsolationLevel.ReadUncommitted,
            "READ-COMMITTED" => IsolationLevel.ReadCommitted,
            "SERIALIZABLE" => IsolationLevel.Serializable,
            _ => IsolationLevel.RepeatableRead,
        };
        bool hasOwnTime = decimal.TryParse(Variables.Get("timestamp"), CultureInfo.InvariantCulture, out decimal seconds)
            && seconds is > 0 and < 100_000_000_000;
        FixedNowMicroseconds = hasOwnTime ? (long)(seconds * 1_000_000) : null;
        ChecksForeignKeys = Variables.GetBoolean("foreign_key_checks");
    }

    /// <summary>What NOW() is while <c>SET timestamp</c> holds it, in microseconds since 1970; else null.</summary>
    public long? FixedNowMicroseconds { get; private set; }

    /// <summary>Begins the transaction as SET TRANSACTION or else the session's variables say.</summary>
    public void BeginTransaction(bool? isReadOnly = null)
    {
        Transaction.Begin(isReadOnly ?? NextIsReadOnly ?? _isReadOnly, NextIsolation ?? _isolation);
        (NextIsolation, NextIsReadOnly) = (null, null);
    }

    /// <summary>Gives a statement that is a transaction by itself its level; false where it may not write.</summary>
    public bool BeginLone()
    {
        Transaction.Isolation = NextIsolation ?? _isolation;
        bool mayWrite = !(NextIsReadOnly ?? _isReadOnly);
        (NextIsolation, NextIsReadOnly) = (null, null);
        return mayWrite;
    }

    /// <summary>Starts a statement: nobody has stopped it yet.</summary>
    public void BeginStatement()
    {
        _isStopped = false;
        if (!_isKilled)
            _stopSignal.Reset();
    }

    /// <summary>Ends the statement under way, and with <paramref name="connection"/> the session. From any thread.</summary>
    public void Kill(bool connection)
    {
        if (connection)
            _isKilled = true;
        _isStopped = true;
        _stopSignal.Set();
        Transaction.Interrupt();
        if (connection)
            Killed?.Invoke();
    }

    /// <summary>Back to the state after connecting: variables, user variables, prepared statements; the transaction is gone.</summary>
    public void Reset()
    {
        Transaction.Rollback();
        (NextIsolation, NextIsReadOnly) = (null, null);
        Variables.Reset();
        _userVariables.Clear();
        PreparedTexts.Clear();
        if (LoginAccount is { } account)
            ChooseRoles(Roles.AtLogin(Node, Node.Accounts.Current, account));
        Conditions.Clear();
        LastInsertId = 0;
        RowCount = -1;
        FoundRowCount = 0;
        ApplySettings();
    }

    /// <summary>Counts a statement against the account's limits; error 1226.</summary>
    public void CountStatement(bool isUpdate)
    {
        if (LoginAccount is not { } account || StatementLimits is { QueriesPerHour: 0, UpdatesPerHour: 0 })
            return;
        if (Node.Accounts.Usage.BeginStatement(account, StatementLimits, isUpdate) is var (limit, value))
            throw AccountErrors.LimitReached(User, limit, value).ToException();
    }

    /// <summary>
    /// Lets a session end another one that is of the same user, or any with CONNECTION_ADMIN, but none that is a system user's unless it is
    /// one itself; error 1095. A connection without a session has not logged in: it is nobody's.
    /// </summary>
    public void RequireKill(uint id, SessionState? other)
    {
        if (LoginAccount is null)
            return;
        bool mayEnd = (Rights.Global & PrivilegeSet.Super) != 0 || Rights.HasDynamic("CONNECTION_ADMIN") || other?.LoginAccount?.User == Account.User;
        // The other session's rights are those of its last statement: only its own thread renews them.
        if (!mayEnd || (other?._rights.HasDynamic(Privileges.SystemUser) == true && !Rights.HasDynamic(Privileges.SystemUser)))
            throw AccountErrors.KillDenied(id).ToException();
    }

    /// <summary>True for a session whose statements another one may see: its own user's, or with PROCESS all.</summary>
    public bool Sees(SessionState other) =>
        LoginAccount is null || (Rights.Global & PrivilegeSet.Process) != 0 || other.LoginAccount?.User == Account.User;

    /// <summary>A role that was taken from the account is active no more. Where nothing changed the object stays, and with it the plans.</summary>
    private Rights RenewRights()
    {
        if (LoginAccount is not { } account)
            return _rights;
        AccountSet accounts = Node.Accounts.Current;
        ImmutableArray<AccountKey> granted = accounts.RolesOf(account);
        ImmutableArray<AccountKey> active = [.. _chosenRoles.Where(granted.Contains)];
        if (!ReferenceEquals(_rights.Accounts, accounts) || !_rights.ActiveRoles.SequenceEqual(active))
            _rights = Rights.Of(accounts, account, active);
        return _rights;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Transaction.Dispose();
        _stopSignal.Dispose();
    }
}
