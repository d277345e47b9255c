using System.Text;
using P2PDB.Engine.Accounts;
using P2PDB.Engine.Execution.Access;
using P2PDB.Engine.Execution.Direct;
using P2PDB.Engine.Execution.Statements;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution;

/// <summary>
/// Runs statements of one session, one after another: settings, implicit commits, the transaction around it, atomicity by
/// savepoint, retry of a lone statement that a peer's entry pulled the ground from, and the answer.
/// </summary>
internal sealed class StatementRunner(SessionState session)
{
    private const int RetryCountMax = 20;

    private readonly StatementContext _context = new(session);
    private readonly PlanCache _plans = new();
    private readonly LiftedLiterals _literals = new();
    private bool _areLifted;
    private bool _wasRefused;

    /// <summary>The context of executions.</summary>
    public StatementContext Context => _context;

    /// <summary>What of the settings changes how text is read.</summary>
    public ParseOptions ParseOptions
    {
        get
        {
            session.ApplySettings();
            SqlMode mode = session.Evaluation.Mode;
            return new ParseOptions
            {
                AnsiQuotes = (mode & SqlMode.AnsiQuotes) != 0,
                NoBackslashEscapes = (mode & SqlMode.NoBackslashEscapes) != 0,
                PipesAsConcat = (mode & SqlMode.PipesAsConcat) != 0,
                HighNotPrecedence = (mode & SqlMode.HighNotPrecedence) != 0,
                IgnoreSpace = (mode & SqlMode.IgnoreSpace) != 0,
            };
        }
    }

    /// <summary>Runs the first statement of a text by its kept plan; false where there is none and it must be parsed.</summary>
    public bool TryRunKept(ReadOnlySpan<byte> text, ResultSink sink, out bool succeeded)
    {
        session.ApplySettings();
        succeeded = false;
        _areLifted = _literals.TryRead(text, ParseOptions);
        if (!_areLifted || _plans.Find(_literals, _context) is not { } plan)
            return false;
        session.Evaluation.Parameters = _literals.Values;
        succeeded = Run(plan, text, sink);
        return true;
    }

    /// <summary>Runs a statement; false where it failed, and the sink was told.</summary>
    public bool Run(Statement statement, ReadOnlySpan<byte> text, ResultSink sink, bool isLast)
    {
        // EXECUTE does what its statement does, and is kept as that.
        Statement meant = statement is ExecuteStatement execute && session.PreparedTexts.TryGetValue(execute.Name, out PreparedText? prepared)
            ? prepared.Statement : statement;
        bool changesRows = meant is InsertStatement or UpdateStatement or DeleteStatement or LoadDataStatement
            || meant is SelectStatement { Query.Locking.Length: > 0 };
        bool keepsConditions = statement is ShowStatement { Kind: ShowKind.Warnings or ShowKind.Errors or ShowKind.WarningCount or ShowKind.ErrorCount };
        ReadOnlySpan<byte> kept = session.KeepsStatements && statement is ExecuteStatement named && session.PreparedTexts.TryGetValue(named.Name, out PreparedText? known)
            ? Encoding.UTF8.GetBytes(known.Text) : text;
        return Run(text, sink, isLast, null, changesRows, keepsConditions, kept, statement, meant);
    }

    /// <summary>Plans a statement for parameters of the given types, and with an eye to their values where those are known.</summary>
    public CompiledStatement Compile(
        Statement statement, SqlType[] parameterTypes, Func<int, int>? liftedLiteral = null, SqlValue[]? parameterValues = null,
        bool isExplained = false)
    {
        // Read once, before anything is asked: who takes a privilege away meanwhile finds the plan made under other rights than the session's.
        Rights rights = session.Rights;
        StatementRules.Check(_context, statement);
        BindingContext binding = Compiler.Context(_context, parameterTypes, liftedLiteral, parameterValues, rights);
        if (isExplained)
            binding = binding with { IsExplained = true };
        CompiledStatement plan = statement switch
        {
            SelectStatement s => CompiledQuery.Compile(binding, s),
            InsertStatement s => CompiledInsert.Compile(_context, binding, s),
            UpdateStatement s => CompiledUpdate.Compile(_context, binding, s),
            DeleteStatement s => CompiledDelete.Compile(_context, binding, s),
            LoadDataStatement s => CompiledLoad.Compile(_context, binding, s),
            _ => throw SqlErrors.NotSupportedYet("this statement").ToException(),
        };
        plan.Rights = rights;
        plan.ParameterTypes = parameterTypes;
        plan.Scans = [.. binding.Scans];
        plan.Counter = StatementCounters.Of(statement);
        return plan;
    }

    /// <summary>True while a plan need not be made anew because of the data.</summary>
    public bool IsWorthKeeping(CompiledStatement plan) => plan.IsWorthKeeping(_context);

    /// <summary>Runs a plan. The text is for other sessions to see, and for the log where it is SQL.</summary>
    public bool Run(CompiledStatement plan, ReadOnlySpan<byte> text, ResultSink sink, bool isSql = true) =>
        Run(text, sink, isLast: true, plan, plan.ChangesRows, keepsConditions: false, kept: isSql ? text : default);

    /// <summary>Begins a transaction where autocommit is off and none is open: before a statement that reads or changes rows.</summary>
    public void BeginImplicitly()
    {
        if (!session.Transaction.IsOpen && !session.IsAutoCommit)
            session.BeginTransaction();
    }

    /// <summary>Answers a failure that came before a statement could run.</summary>
    public void Fail(SqlError error, ResultSink sink)
    {
        Count(null);
        session.Conditions.Clear();
        session.Conditions.Add(error);
        session.RowCount = -1;
        sink.Fail(error);
    }

    private void Count(StatusCounter? kind)
    {
        session.Counters.Add(StatusCounter.Questions);
        if (kind is { } counter)
            session.Counters.Add(counter);
    }

    private bool Run(
        ReadOnlySpan<byte> text, ResultSink sink, bool isLast, CompiledStatement? plan, bool changesRows, bool keepsConditions,
        ReadOnlySpan<byte> kept, Statement? statement = null, Statement? meant = null)
    {
        session.BeginStatement();
        session.ApplySettings();
        Count(plan is null ? StatementCounters.Of(statement!) : plan.Counter);
        session.StateSinceMicroseconds = session.Node.NowMicroseconds;
        session.CurrentStatement.Set(text);
        session.Evaluation.Begin(session.FixedNowMicroseconds ?? session.StateSinceMicroseconds);
        Transaction transaction = session.Transaction;
        Keep(transaction, kept.Trim(" \t\r\n;"u8));
        try
        {
            session.CountStatement(changesRows);
            bool commits = meant is not null && Dispatch.CommitsImplicitly(meant);
            if (commits)
                Commit(transaction);
            bool isAlone = !transaction.IsOpen && session.IsAutoCommit;
            bool isPlanned = meant is null || Dispatch.IsPlanned(meant);
            if (isPlanned)
                BeginImplicitly();
            bool mayWrite = isAlone && isPlanned ? session.BeginLone() : !transaction.IsOpen || !transaction.IsReadOnly;
            if (changesRows && !mayWrite)
                throw SqlErrors.ReadOnlyTransaction().ToException();

            StatementResult result = Attempt(plan, sink, changesRows, isAlone, commits, statement);
            Answer(result, sink, isLast, keepsConditions);
            return true;
        }
        catch (SqlException exception)
        {
            session.Evaluation.ReleaseScratch();
            if (!transaction.IsOpen)
                transaction.Rollback();
            session.Conditions.Clear();
            session.Conditions.AddRange(session.Evaluation.Diagnostics.Conditions);
            session.Conditions.Add(exception.Error);
            session.RowCount = -1;
            sink.Fail(exception.Error);
            return false;
        }
        finally
        {
            _context.End();
            transaction.EndStatement();
            session.CurrentStatement.Clear();
            session.StateSinceMicroseconds = session.Node.NowMicroseconds;
        }
    }

    /// <summary>Gives the transaction the text that the log is to have beside what comes of the statement.</summary>
    private void Keep(Transaction transaction, ReadOnlySpan<byte> text) =>
        transaction.Remark.Begin(session.KeepsStatements && !SecretWords.AreIn(text, ParseOptions) ? text : default);

    private StatementResult Attempt(
        CompiledStatement? plan, ResultSink sink, bool changesRows, bool isAlone, bool commits, Statement? statement)
    {
        Transaction transaction = session.Transaction;
        for (int attempt = 0; ; attempt++)
        {
            bool needsMark = changesRows && !isAlone;
            Savepoint mark = needsMark ? transaction.Mark() : default;
            try
            {
                _context.Begin(readsNewest: changesRows);
                return AttemptOnce(plan, sink, isAlone, commits, statement);
            }
            catch (SqlException exception)
            {
                bool isVictim = exception.Error.Code == 1213;
                bool wasDoomed = transaction.Owner.IsDoomed;
                if (isAlone || isVictim)
                    transaction.Rollback();
                else if (needsMark)
                    transaction.Rewind(mark);
                // A client sends its file once.
                bool canRepeat = isAlone && statement is not LoadDataStatement && !_context.HasAnswered && attempt < RetryCountMax && !session.IsStopped;
                if (!isVictim || !canRepeat || !(wasDoomed || _wasRefused))
                    throw;
                // A lone statement that a peer's entry undid is simply done again.
                _wasRefused = false;
                session.Evaluation.ReleaseScratch();
                session.Evaluation.Diagnostics.Clear();
            }
        }
    }

    private StatementResult AttemptOnce(CompiledStatement? plan, ResultSink sink, bool isAlone, bool commits, Statement? statement)
    {
        Transaction transaction = session.Transaction;
        if (transaction.HasStaleWrites && (plan is not null || Dispatch.IsPlanned(statement!)))
            throw DirectErrors.TableChanged.ToException();
        try
        {
            StatementResult result = plan is not null ? plan.Execute(_context, sink) : Execute(statement!, sink);
            if ((isAlone || commits) && (transaction.HasChanges || transaction.IsWatching))
                Commit(transaction);
            else if (isAlone && !transaction.IsOpen)
                transaction.Rollback();
            return result;
        }
        catch (DiskFullException)
        {
            // There is no room for what does not fit in memory. What is written for good says so by the commit's outcome.
            throw SqlErrors.DiskFull("scratch", 28, "No space left on device").ToException();
        }
        catch (Exception failure) when (failure is IOException or CorruptionException)
        {
            throw SqlErrors.StorageFailed(failure.Message).ToException();
        }
    }

    private StatementResult Execute(Statement statement, ResultSink sink)
    {
        if (!Dispatch.IsPlanned(statement))
            return Dispatch.Execute(_context, this, statement, sink);
        if (!_areLifted || !PlanCache.IsWorthKeeping(statement, _literals))
            return Compile(statement, []).Execute(_context, sink);

        CompiledStatement plan = Compile(statement, [], _literals.Bind, _literals.Values);
        if (_literals.AreAllBound && plan.IsWorthKeeping(_context))
            _plans.Add(_literals, plan, _context);
        session.Evaluation.Parameters = _literals.Values;
        return plan.Execute(_context, sink);
    }

    /// <summary>Commits, or throws what kept it from that.</summary>
    public void Commit(Transaction transaction)
    {
        CommitOutcome outcome = transaction.Commit();
        _wasRefused = outcome == CommitOutcome.Refused;
        if (CommitFailure.ErrorOf(outcome) is { } error)
            throw error.ToException();
    }

    private void Answer(in StatementResult result, ResultSink sink, bool isLast, bool keepsConditions)
    {
        if (!keepsConditions)
        {
            session.Conditions.Clear();
            session.Conditions.AddRange(session.Evaluation.Diagnostics.Conditions);
        }

        session.RowCount = result.HasRows ? -1 : (long)result.AffectedRows;
        var outcome = new StatementOutcome
        {
            AffectedRows = result.AffectedRows,
            LastInsertId = result.LastInsertId,
            Warnings = session.Evaluation.Diagnostics.TotalCount,
            Message = result.Message,
            Status = session.Status | (isLast ? SessionStatus.None : SessionStatus.MoreResults),
        };
        if (result.HasRows)
            sink.RowsDone(outcome);
        else
            sink.Ok(outcome);
    }
}
