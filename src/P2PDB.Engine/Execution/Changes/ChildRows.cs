using P2PDB.Engine.Catalog;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>
/// The rows that reference rows of a table by one foreign key: keeps a row while there are some, or lets them follow it. The change itself
/// is in the write set already, and the key it gave up is locked exclusively, so that no new child can appear.
/// </summary>
internal sealed class ChildRows
{
    private readonly ForeignKeySchema _link;
    private readonly string _schema;
    private readonly ByteWriter _key = new();
    private readonly ByteWriter _childKey = new();
    private readonly KeyLookup _lookup = new();
    private readonly Lazy<TableRow> _row;
    private readonly Lazy<RowRewrite> _rewrite;
    private readonly Lazy<RowRemoval> _removal;

    /// <summary>Prepares for a foreign key.</summary>
    public ChildRows(ForeignKeySchema link, DatabaseSchema database, string schema)
    {
        _link = link;
        _schema = schema;
        Hash256 id = database.Id;
        // Made at the first row that needs them: tables may reference each other in a circle.
        _row = new Lazy<TableRow>(() => new TableRow(link.Child));
        _rewrite = new Lazy<RowRewrite>(() => new RowRewrite(
            link.Child, new RowChanges(id, link.Child), ForeignKeys.Of(database, schema, link.Child, link), link.ChildOrdinals));
        _removal = new Lazy<RowRemoval>(() => new RowRemoval(
            link.Child, new RowChanges(id, link.Child), ForeignKeys.Of(database, schema, link.Child, link)));
    }

    /// <summary>True where an update changed a column that is referenced.</summary>
    public bool IsChanged(TableRow before, TableRow after) => _link.ParentKey is not null && before.Differs(after, _link.ParentOrdinals);

    /// <summary>Follows a removed row; an error where it must stay.</summary>
    public SqlError? Removed(StatementContext context, TableRow row, CascadeStep? above) =>
        Follow(context, row, null, new CascadeStep(above, _link.Parent!.Id, IsUpdate: false), _link.Definition.OnDelete);

    /// <summary>Follows a row that has another key; an error where it must keep the one it had.</summary>
    public SqlError? Changed(StatementContext context, TableRow before, TableRow after, CascadeStep? above) =>
        Follow(context, before, after, new CascadeStep(above, _link.Parent!.Id, IsUpdate: true), _link.Definition.OnUpdate);

    private SqlError? Follow(StatementContext context, TableRow before, TableRow? after, CascadeStep step, ReferenceRule rule)
    {
        if (_link.ParentKey is not { } parentKey || !TryEncode(_key, before, _link.ParentOrdinals))
            return null;
        if (!parentKey.IsPrimary)
            LockFailure.Check(context.Transaction.Lock(parentKey.Tree, _key.Written, LockMode.Exclusive));
        bool isKept = rule is ReferenceRule.NoAction or ReferenceRule.Restrict;
        if ((isKept || after is not null) && _link.IsToItself && References(before))
            return Referenced();   // as it was, the row counts as its own child
        if (isKept)
            return HasChild(context) ? Referenced() : null;
        foreach (byte[] child in Find(context, int.MaxValue))
        {
            context.ThrowIfStopped();
            if (step.Depth >= CascadeStep.DepthMax)
                return ConstraintErrors.CascadeTooDeep(CascadeStep.DepthMax);
            SqlError? error = rule == ReferenceRule.Cascade && after is null
                ? Remove(context, child, step)
                : Rewrite(context, child, rule == ReferenceRule.Cascade ? after : null, step);
            if (error is not null)
                return error;
        }

        return null;
    }

    /// <summary>True where a row references the key; one that another transaction is removing is waited for.</summary>
    private bool HasChild(StatementContext context)
    {
        while (Find(context, 1) is [var child])
        {
            context.ThrowIfStopped();
            context.LockRow(_link.Child, child, LockMode.Shared);
            if (!context.NewestView().TryGetRow(_link.Child, child, out RowView found))
                continue;
            _row.Value.Load(found);
            if (References(_row.Value))
                return true;
        }

        return false;
    }

    private SqlError? Remove(StatementContext context, byte[] child, CascadeStep step)
    {
        RowRemoval removal = _removal.Value;
        return removal.Load(context, child) && References(removal.Row) ? removal.Remove(context, step) : null;
    }

    /// <summary>Gives a row the new values of a parent, or NULL where <paramref name="parent"/> is null.</summary>
    private SqlError? Rewrite(StatementContext context, byte[] child, TableRow? parent, CascadeStep step)
    {
        // The parent's own change may not be whole yet where it is a row of the same table.
        if (step.Updates(_link.Child.Id))
            return Referenced();
        RowRewrite rewrite = _rewrite.Value;
        if (!rewrite.Load(context, child) || !References(rewrite.Before))
            return null;
        for (int i = 0; i < _link.ChildOrdinals.Length; i++)
        {
            ColumnVector target = rewrite.After.Columns.Column(_link.ChildOrdinals[i]);
            if (parent is null)
            {
                target.SetNull(0);
                continue;
            }

            ColumnVector value = parent.Columns.Column(_link.ParentOrdinals[i]);
            if (!Fits(value, _link.Child.Columns[_link.ChildOrdinals[i]]))
                return Referenced();
            target.CopyRow(value, 0, 0);
        }

        rewrite.After.Encode();
        SqlError? error = rewrite.Write(context, step, out _);
        return error is not null && rewrite.Conflict is { } index && parent is not null
            ? ConstraintErrors.DuplicateFollows(_link.Parent!.Name, RecordText(context, parent), _link.Child.Name, index.Name)
            : error;
    }

    /// <summary>True where a column of another length, as foreign keys may have, holds a value.</summary>
    private static bool Fits(ColumnVector value, ColumnSchema column)
    {
        if (value.IsNull(0))
            return column.IsNullable;
        if (column.Type.Physical != PhysicalKind.Bytes || !column.Type.IsString)
            return true;
        return (column.Type.IsText ? Utf8.CountCharacters(value.GetBytes(0)) : value.GetBytes(0).Length) <= column.Type.Length;
    }

    private string RecordText(StatementContext context, TableRow parent)
    {
        IndexSchema? index = _link.Parent!.PrimaryKey ?? (_link.Parent.Indexes.IsEmpty ? null : _link.Parent.Indexes[0]);
        return index is null ? "" : UniqueKeys.TextOf(context, index, parent);
    }

    private SqlError Referenced() => ConstraintErrors.RowIsReferenced(ParentCheck.Describe(_link, _schema));

    private bool References(TableRow row) =>
        TryEncode(_childKey, row, _link.ChildOrdinals) && _childKey.Written.SequenceEqual(_key.Written);

    private static bool TryEncode(ByteWriter target, TableRow row, int[] ordinals)
    {
        target.Clear();
        bool hasNoNull = true;
        foreach (int ordinal in ordinals)
            hasNoNull &= IndexKeys.Append(target, row.Columns.Column(ordinal), 0, 0);
        return hasNoNull;
    }

    private List<byte[]> Find(StatementContext context, int countMax) => _link.ChildIndex is { } index
        ? _lookup.List(context.NewestView(), _link.Child, index, _key.Written, countMax)
        : FindWithoutIndex(context, countMax);

    /// <summary>Reads all rows: a peer dropped the index while the key was made.</summary>
    private List<byte[]> FindWithoutIndex(StatementContext context, int countMax)
    {
        List<byte[]> rows = [];
        using MergedCursor cursor = context.NewestView().OpenCursor(_link.Child.RowTree, null);
        for (bool found = cursor.SeekFirst(); found && rows.Count < countMax; found = cursor.Next())
        {
            context.ThrowIfStopped();
            if (!ReadView.TryOpenRow(_link.Child, cursor, out RowView view))
                continue;
            _row.Value.Load(view);
            if (References(_row.Value))
                rows.Add(cursor.Key.ToArray());
        }

        return rows;
    }
}
