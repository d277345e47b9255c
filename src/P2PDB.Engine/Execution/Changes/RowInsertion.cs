using P2PDB.Engine.Accounts;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Operators;
using P2PDB.Engine.Execution.Status;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Queries;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>
/// Inserts one row after another into a table, for one execution from <see cref="Begin"/> on: begin a row, assign
/// its columns, write it. Keeps unique keys, generates AUTO_INCREMENT values, and counts.
/// </summary>
internal sealed class RowInsertion
{
    private readonly WrittenRow _written;
    private readonly TableSchema _table;
    private readonly Hash256 _database;
    private readonly TableRow _row;
    private readonly RowRemoval _removal;
    private readonly StatementContext _context;
    private readonly UniqueKeys _unique;
    private readonly ForeignKeys? _keys;
    private readonly RowChecks? _constraints;
    private RowFilter _check = new([]);
    private bool _isNumberGiven;

    /// <summary>Prepares for the table that a statement writes.</summary>
    public RowInsertion(StatementContext context, BindingContext binding, WrittenRow written)
    {
        _context = context;
        _written = written;
        _table = written.Table;
        _unique = new UniqueKeys(context, _table);
        context.DatabaseOf(written.Schema, out _database);
        _row = new TableRow(_table);
        Changes = new RowChanges(_database, _table);
        Defaults = new ColumnDefaults(_table, binding);
        _keys = ForeignKeys.Of(context, written.Schema, _table);
        _constraints = RowChecks.Of(binding, written.Schema, _table);
        _removal = new RowRemoval(_table, Changes, _keys);
    }

    /// <summary>REPLACE: rows that stand in the way are removed.</summary>
    public bool Replaces { get; init; }

    /// <summary>IGNORE: rows that another stands in the way of, or that a view would not show, are left out with a warning.</summary>
    public bool Ignores { get; init; }

    /// <summary>What is done to a row that stands in the way, or null.</summary>
    public DuplicateUpdate? OnDuplicate { get; set; }

    /// <summary>The row that <see cref="OnDuplicate"/> calls the inserted one.</summary>
    public OuterRow Inserted { get; } = new();

    /// <summary>How rows are written.</summary>
    public RowChanges Changes { get; }

    /// <summary>The foreign keys that inserting touches; null where there are none.</summary>
    public ForeignKeys? Keys => _keys;

    /// <summary>What columns take that are not named.</summary>
    public ColumnDefaults Defaults { get; }

    /// <summary>The row at hand, in a batch of one.</summary>
    public RowBatch Columns => _row.Columns;

    /// <summary>Rows inserted, removed and changed, as MySQL counts affected rows.</summary>
    public ulong Affected { get; private set; }

    /// <summary>Rows begun.</summary>
    public ulong Records { get; private set; }

    /// <summary>Rows inserted.</summary>
    public ulong Inserts { get; private set; }

    /// <summary>Rows that <see cref="Replaces"/> removed.</summary>
    public ulong Removed { get; private set; }

    /// <summary>Rows that stood in the way.</summary>
    public ulong Duplicates { get; private set; }

    /// <summary>First value generated for AUTO_INCREMENT, or 0.</summary>
    public ulong FirstGenerated { get; private set; }

    /// <summary>Last value given for AUTO_INCREMENT, or 0.</summary>
    public ulong LastGiven { get; private set; }

    /// <summary>Finds the table that a statement inserts into, by itself or through views; errors 1146, and 1471 where no row can be inserted.</summary>
    public static WrittenRow BindTable(StatementContext context, BindingContext binding, ObjectName table, string statement)
    {
        string schema = context.SchemaOrChosen(table.Schema);
        TableGuard.Open(binding.Rights, schema, table.Name, PrivilegeSet.Insert);
        if (context.DatabaseOf(schema, out _).FindView(table.Name) is null)
            context.TableOf(schema, table.Name, out _);
        WrittenRow? written = WrittenRow.TryBind(binding, [new NamedTable(table, null)], PrivilegeSet.Insert);
        return written?.InsertedOrdinals() is not null
            ? written
            : throw SqlErrors.NonInsertableTable(table.Name, statement).ToException();
    }

    /// <summary>Binds expressions over the row; DEFAULT(column) among them.</summary>
    public ExpressionBinder MakeBinder(BindingContext binding) => new(_written.Block, binding)
    {
        Defaults = column => column is null
            ? throw SqlErrors.NotSupportedYet("DEFAULT here").ToException()
            : Defaults.ExpressionOf(_written.OrdinalOf(column.Name)),
    };

    /// <summary>Binds what a view WITH CHECK OPTION asks of its rows.</summary>
    public void BindChecks(ExpressionBinder binder) => _check = new RowFilter([.. _written.Checks.ConvertAll(binder.BindCondition)]);

    /// <summary>The columns that are none of the given ones: they take their defaults.</summary>
    public int[] OthersThan(int[] targets)
    {
        List<int> others = [];
        for (int i = 0; i < _table.Columns.Length; i++)
        {
            if (Array.IndexOf(targets, i) < 0)
                others.Add(i);
        }

        return [.. others];
    }

    /// <summary>Starts an execution; <paramref name="scansTables"/> says whether expressions of the statement read tables meanwhile.</summary>
    public void Begin(bool scansTables)
    {
        Changes.LeavesOutPlainIndexes = !scansTables && !_context.Transaction.IsOpen && _keys?.MayComeBack != true;
        Affected = Records = Inserts = Removed = Duplicates = 0;
        FirstGenerated = LastGiven = 0;
        _context.Evaluation.IsStrictWrite = !Ignores;
        _context.Evaluation.RowNumber = 0;
    }

    /// <summary>Makes the first generated value what LAST_INSERT_ID() gives.</summary>
    public void KeepInsertId()
    {
        if (FirstGenerated != 0)
            _context.Session.LastInsertId = FirstGenerated;
    }

    /// <summary>Begins a row: the columns named take their defaults, the others wait to be assigned.</summary>
    public void BeginRow(int[] defaulted)
    {
        EvaluationContext evaluation = _context.Evaluation;
        evaluation.RowNumber++;
        Records++;
        _row.Clear();
        _row.HasRegisters = false;
        _isNumberGiven = false;
        foreach (int ordinal in defaulted)
        {
            bool isLacking = Defaults.IsRequired(ordinal);
            if (isLacking && Records > 1)
            {
                // A statement says once what it does not say of any row.
                Defaults.StoreUnassigned(evaluation, ordinal, _row.Columns);
                continue;
            }

            if (isLacking && _written.IsView)
                evaluation.WarnOrFail(_written.FieldWithoutDefault);
            Defaults.Store(evaluation, ordinal, _row.Columns);
        }
    }

    /// <summary>Assigns a value to a column.</summary>
    public void Assign(int ordinal, ColumnVector value, int valueRow)
    {
        ColumnVector target = _row.Columns.Column(ordinal);
        ColumnSchema column = _table.Columns[ordinal];
        if (column.IsAutoIncrement)
        {
            // Later expressions of the row see a zero: the number comes when the row is complete.
            _isNumberGiven = !value.IsNull(valueRow);
            if (!_isNumberGiven)
            {
                ColumnAssignment.ImplicitDefault(column.Type).CopyTo(target, 0);
                return;
            }
        }

        Defaults.Assignment(ordinal).Assign(_context.Evaluation, value, valueRow, target, 0);
    }

    /// <summary>Writes the row, unless IGNORE leaves it out.</summary>
    public void WriteRow()
    {
        _context.ThrowIfStopped();
        Generate();
        if (!_check.IsEmpty && !MeetsCheck())
            return;
        if (_constraints?.FindViolation(_context.Evaluation, _row.Columns) is { } violation)
        {
            if (!Ignores)
                throw violation.ToException();
            _context.Evaluation.Warn(violation);
            return;
        }

        _row.Encode();
        if (_table.PrimaryKey is not null)
            _row.EncodeKey();
        else
            _context.Transaction.WriteHiddenKey(_database, _row.PrepareKey(HiddenKey.Length));
        _row.CheckIndexKeys();

        while (_unique.FindConflict(_row) is { } index)
        {
            Duplicates++;
            if (Replaces && _unique.IsOwnerSeen)
            {
                if (_removal.Load(_context, _unique.Owner) && !_removal.RemoveOrWarn(_context, Ignores))
                    return;
                Removed++;
                Affected++;
                continue;
            }

            if (OnDuplicate is not null && _unique.IsOwnerSeen)
            {
                Inserted.MoveTo(_row.Columns, 0);
                Affected += OnDuplicate.Apply(_context, _unique.Owner);
                return;
            }

            SqlError error = UniqueKeys.DuplicateError(_context, _table, index, _row);
            if (!Ignores)
                throw error.ToException();
            _context.Evaluation.Warn(error);
            return;
        }

        if (!Insert())
            return;
        _context.Session.Counters.Add(StatusCounter.InnodbRowsInserted);
        Inserts++;
        Affected++;
    }

    /// <summary>Inserts the row; false where IGNORE leaves it out because a parent that it names is not there.</summary>
    private bool Insert()
    {
        Transaction transaction = _context.Transaction;
        Savepoint mark = Ignores && _keys is not null ? transaction.Mark() : default;
        Changes.Insert(transaction, _row.Key, _row.Image, _row.HasRegisters);
        if (_keys?.Inserted(_context, _row) is not { } error)
            return true;
        if (!Ignores)
            throw error.ToException();
        transaction.Rewind(mark);
        _context.Evaluation.Warn(error);
        return false;
    }

    /// <summary>True where the view shows the row; else error 1369, or with IGNORE a warning.</summary>
    private bool MeetsCheck()
    {
        bool meets = _check.Narrow(_context.Evaluation, _row.Columns);
        _row.Columns.SelectAll();
        if (meets)
            return true;
        if (!Ignores)
            throw _written.CheckFailed.ToException();
        _context.Evaluation.Warn(_written.CheckFailed);
        return false;
    }

    /// <summary>Gives the AUTO_INCREMENT column its value, or takes note of the one that the statement gave.</summary>
    private void Generate()
    {
        int ordinal = _table.AutoIncrementOrdinal;
        if (ordinal < 0)
            return;
        ColumnVector column = _row.Columns.Column(ordinal);
        bool takesZero = (_context.Evaluation.Mode & SqlMode.NoAutoValueOnZero) != 0;
        ulong given = column.Physical == PhysicalKind.Double ? (ulong)column.GetDouble(0) : (ulong)column.GetInt64(0);
        if (_isNumberGiven && (given != 0 || takesZero))
        {
            bool isNegative = !column.Type.IsUnsigned && column.Physical == PhysicalKind.Int64 && (long)given < 0;
            if (!isNegative)
            {
                _table.AutoIncrement.Observe(given);
                LastGiven = given;
            }

            return;
        }

        ulong value = NextGenerated(MaxOf(column.Type));
        if (column.Physical == PhysicalKind.Double)
            column.SetDouble(0, value);
        else
            column.SetInt64(0, (long)value);
        if (FirstGenerated == 0)
            FirstGenerated = value;
    }

    private ulong NextGenerated(ulong max)
    {
        try
        {
            return _context.Transaction.TryNextGenerated(_database, _table, max, out ulong value)
                ? value
                : throw new SqlException(new SqlError(1467, "HY000", "Failed to read auto-increment value from storage engine"));
        }
        catch (IOException failure)
        {
            // Nothing was promised yet: the value is not used, and a later statement tries again.
            throw (failure is DiskFullException ? SqlErrors.DiskFull("generated", 28, "No space left on device")
                : SqlErrors.ErrorOnWrite("generated", failure.HResult, failure.Message)).ToException();
        }
    }

    private static ulong MaxOf(SqlType type)
    {
        int bits = type.Kind switch
        {
            SqlTypeKind.TinyInt => 8,
            SqlTypeKind.SmallInt => 16,
            SqlTypeKind.MediumInt => 24,
            SqlTypeKind.Int => 32,
            SqlTypeKind.Float => 25,
            SqlTypeKind.Double => 54,
            _ => 64,
        };
        int usable = type.IsUnsigned ? bits : bits - 1;
        return usable == 64 ? ulong.MaxValue : (1UL << usable) - 1;
    }
}
