using System.Text;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>
/// Finds the row that a foreign key of a written row names. Its key is locked shared first, whether a row stands there or not: to the end
/// of the transaction nobody removes the parent, and one that another transaction is adding is waited for.
/// </summary>
internal sealed class ParentCheck(ForeignKeySchema link, string schema)
{
    private readonly ByteWriter _key = new();
    private readonly KeyLookup _lookup = new();
    private readonly bool _cascades = link.Definition.OnDelete == ReferenceRule.Cascade && !link.Child.IsAppend;

    /// <summary>True where an update changed a column of the key.</summary>
    public bool IsChanged(TableRow before, TableRow after) => before.Differs(after, link.ChildOrdinals);

    /// <summary>Error 1452 where a row names a parent that is not there.</summary>
    public SqlError? Check(StatementContext context, TableRow row)
    {
        _key.Clear();
        foreach (int ordinal in link.ChildOrdinals)
        {
            if (!IndexKeys.Append(_key, row.Columns.Column(ordinal), 0, 0))
                return null;   // MATCH SIMPLE: a key with a NULL names nobody
        }

        return link.ParentKey is { } key && IsThere(context, link.Parent!, key) ? null : ConstraintErrors.NoReferencedRow(Describe(link, schema));
    }

    /// <summary>A foreign key as errors name it.</summary>
    public static string Describe(ForeignKeySchema link, string schema)
    {
        var text = new StringBuilder();
        ShowCreateTable.AppendName(text, schema);
        text.Append('.');
        ShowCreateTable.AppendName(text, link.Child.Name);
        text.Append(", ");
        link.AppendTo(text);
        return text.ToString();
    }

    private bool IsThere(StatementContext context, TableSchema parent, IndexSchema key)
    {
        LockFailure.Check(context.Transaction.Lock(key.Tree, _key.Written, LockMode.Shared));
        ReadView view = context.NewestView();
        ReadOnlySpan<byte> primaryKey = _key.Written;
        if (!key.IsPrimary && !_lookup.TryFind(view, key, _key.Written, default, out primaryKey))
            return false;
        // Under one that other keys alone keep, CASCADE would hide the new row at once.
        return (key.IsPrimary || _cascades) && view.TryGetRow(parent, primaryKey, out RowView row) ? !(_cascades && row.IsKept) : !key.IsPrimary;
    }
}
