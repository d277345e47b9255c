using P2PDB.Engine.Accounts;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Changes;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution.Direct;

/// <summary>
/// A table that a session has open for access without SQL text. It is looked at anew by each call: renames, new indexes and new defaults are
/// followed; other columns, or another primary key, are error 1412, because the caller's ordinals and keys would mean something else.
/// </summary>
internal sealed class BoundTable
{
    private const int ShapeCountMax = 64;

    private readonly StatementRunner _runner;
    private readonly string _schemaName;
    private readonly Hash256 _database;
    private readonly ColumnAccess[] _accesses;
    private readonly List<WriteShape> _shapes = [];
    private readonly ByteWriter _image = new();
    private readonly ByteWriter _text = new();
    private readonly ColumnVector _value = new(capacity: 1);
    private readonly string _tableName;
    private NodeSchema _schema;
    private Rights? _rights;
    private bool _checksForeignKeys;

    /// <summary>Opens a table; errors 1049, 1146 and 1347.</summary>
    public BoundTable(StatementRunner runner, string schemaName, string name)
    {
        _runner = runner;
        _schemaName = schemaName;
        _schema = Context.Node.Transactions.CurrentSchema;
        _tableName = name;
        RequireRights();
        Table = Context.TableOf(schemaName, name, out _database);
        _accesses = new ColumnAccess[Table.Columns.Length];
        for (int i = 0; i < _accesses.Length; i++)
            _accesses[i] = ColumnAccesses.Of(Table.Columns[i].Type);
        Columns = Array.ConvertAll(FromBinder.ColumnsOf(schemaName, Table), column => ResultColumns.Of(column, name));
    }

    /// <summary>The context of the session's executions.</summary>
    public StatementContext Context => _runner.Context;

    /// <summary>The table as it is now.</summary>
    public TableSchema Table { get; private set; }

    /// <summary>Grows when writes have to be bound anew: after a definition of any table, which may reference this one, and after a setting.</summary>
    public int Version { get; private set; }

    /// <summary>The columns, for who reads rows.</summary>
    public ResultColumn[] Columns { get; }

    /// <summary>The columns of the primary key; error 1173 where there is none.</summary>
    public ReadOnlySpan<IndexPart> KeyParts =>
        Table.PrimaryKey is { } key ? key.Parts.AsSpan() : throw DirectErrors.NoPrimaryKey.ToException();

    /// <summary>How the values of a column are read.</summary>
    public ColumnAccess Access(int ordinal) =>
        (uint)ordinal < (uint)_accesses.Length ? _accesses[ordinal] : throw new ArgumentOutOfRangeException(nameof(ordinal));

    /// <summary>Starts a read, as a SELECT does; the rows that it sees. <see cref="EndRead"/> ends it.</summary>
    public ReadView BeginRead()
    {
        SessionState session = Context.Session;
        if (session.IsKilled)
            throw DirectErrors.Killed.ToException();
        RequireRights();
        session.ApplySettings();
        _runner.BeginImplicitly();
        session.Counters.Add(StatusCounter.Questions);
        session.Counters.Add(StatusCounter.ComSelect);
        Transaction transaction = session.Transaction;
        WatchesReads = transaction.IsOpen && !transaction.IsReadOnly && transaction.Isolation == IsolationLevel.Serializable;
        ReadView view = WatchesReads ? NewestWatched(transaction) : transaction.SnapshotView();
        // A snapshot from before a change of the table is read as the table is now, as by a statement.
        Follow(transaction.IsOpen ? Context.Node.Transactions.CurrentSchema : view.Schema);
        return view;
    }

    /// <summary>True where the session's transaction commits only if what it has read stays as it is: SERIALIZABLE. Of the read under way.</summary>
    public bool WatchesReads { get; private set; }

    /// <summary>A read has found a row.</summary>
    public void CountRow() => Context.Session.Counters.Add(StatusCounter.InnodbRowsRead);

    /// <summary>Ends a read.</summary>
    public void EndRead() => Context.Transaction.EndStatement();

    /// <summary>Starts a scan of the table, which outlives the call.</summary>
    public void BeginScan(ReadView view)
    {
        BeginRead();
        Context.Session.BeginStatement();
        if (WatchesReads)
            Context.Transaction.OpenNewest(view);
        else
            Context.Transaction.OpenSnapshot(view);
    }

    /// <summary>Runs a write of the table as a statement of the session; a failure is thrown.</summary>
    public void Run(CompiledStatement write, ReadOnlySpan<byte> text, ResultSink sink) => _runner.Run(write, text, sink, isSql: false);

    /// <summary>Looks at the table as of now, before a write.</summary>
    public void Refresh()
    {
        RequireRights();
        Follow(Context.Node.Transactions.CurrentSchema);
        Context.Session.ApplySettings();
        if (_checksForeignKeys == Context.Session.ChecksForeignKeys)
            return;
        _checksForeignKeys = Context.Session.ChecksForeignKeys;
        ForgetWrites();
    }

    /// <summary>The writes of rows in which some columns are given, one bit for each.</summary>
    public WriteShape ShapeOf(ReadOnlySpan<ulong> given)
    {
        foreach (WriteShape known in _shapes)
        {
            if (known.Gives(given))
                return known;
        }

        if (_shapes.Count == ShapeCountMax)
            _shapes.Clear();
        var shape = new WriteShape(this, given);
        _shapes.Add(shape);
        return shape;
    }

    /// <summary>How rows of the table as it is now are inserted.</summary>
    public RowInsertion MakeInsertion()
    {
        BindingContext binding = Compiler.Context(Context);
        return new RowInsertion(Context, binding, RowInsertion.BindTable(Context, binding, new ObjectName(_schemaName, Table.Name), "INSERT"));
    }

    /// <summary>What the columns take that are not given.</summary>
    public ColumnDefaults MakeDefaults() => new(Table, Compiler.Context(Context));

    /// <summary>How changes of rows of the table as it is now are written.</summary>
    public RowChanges MakeChanges() => new(_database, Table);

    /// <summary>How the given columns of rows are changed.</summary>
    public RowUpdate MakeUpdate(ColumnDefaults defaults, int[] given) =>
        new(Table, MakeChanges(), defaults, MakeForeignKeys(), RowChecks.Of(Compiler.Context(Context), _schemaName, Table, given), given);

    /// <summary>The foreign keys that changes of its rows touch; null where there are none.</summary>
    public ForeignKeys? MakeForeignKeys() => ForeignKeys.Of(Context, _schemaName, Table);

    /// <summary>An image of one column, in its fill's layout, of a value that lies in a row in another form. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Convert(RowView row, int ordinal)
    {
        ColumnSchema column = Table.Columns[ordinal];
        _value.Reset(column.Type);
        row.CopyTo(ordinal, _value, 0);
        _image.Clear();
        var writer = new RowImageWriter(column.FillLayout, _image);
        writer.Set(0, _value, 0);
        writer.Finish();
        return _image.Written;
    }

    /// <summary>A value that is not NULL as SQL shows it in text. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Format(RowView row, int ordinal)
    {
        _value.Reset(Table.Columns[ordinal].Type);
        row.CopyTo(ordinal, _value, 0);
        _text.Clear();
        ValueFormatter.Format(_value, 0, _text, Context.Evaluation.TimeZone);
        return _text.Written;
    }

    private static ReadView NewestWatched(Transaction transaction)
    {
        if (transaction.Owner.IsDoomed)
            throw SqlErrors.LockDeadlock().ToException();
        transaction.StartWatching();
        return transaction.NewestView();
    }

    /// <summary>
    /// Rows are read and written whole: error 1142 without all four privileges on the table. Looked at again once rights have changed.
    /// </summary>
    private void RequireRights()
    {
        Rights rights = Context.Session.Rights;
        if (ReferenceEquals(rights, _rights))
            return;
        const PrivilegeSet All = PrivilegeSet.Select | PrivilegeSet.Insert | PrivilegeSet.Update | PrivilegeSet.Delete;
        TableGuard.Open(rights, _schemaName, _tableName, PrivilegeSet.Select)?.RequireTable(All);
        _rights = rights;
    }

    private void Follow(NodeSchema schema)
    {
        if (ReferenceEquals(schema, _schema))
            return;
        TableSchema table = schema.Find(_database)?.FindTable(Table.Id) ?? throw SqlErrors.NoSuchTable(_schemaName, Table.Name).ToException();
        if (!ReferenceEquals(table, Table))
        {
            if (!IsReadAlike(Table, table))
                throw DirectErrors.TableChanged.ToException();
            Table = table;
        }

        _schema = schema;
        ForgetWrites();
    }

    private void ForgetWrites()
    {
        _shapes.Clear();
        Version++;
    }

    private static bool IsReadAlike(TableSchema before, TableSchema after)
    {
        if (before.Columns.Length != after.Columns.Length || before.PrimaryKey is null != after.PrimaryKey is null
            || (before.PrimaryKey is { } key && !key.Parts.AsSpan().SequenceEqual(after.PrimaryKey!.Parts.AsSpan())))
        {
            return false;
        }

        for (int i = 0; i < before.Columns.Length; i++)
        {
            if (before.Columns[i].Id != after.Columns[i].Id || before.Columns[i].Type != after.Columns[i].Type)
                return false;
        }

        return true;
    }
}
