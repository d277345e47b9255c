using System.Globalization;
using System.Text;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Changes;

/// <summary>
/// Keeps unique keys unique: locks each key that a row would take, then looks in the newest state whether another row has it.
/// The lock stays to the end of the transaction, so nobody else can take the key meanwhile.
/// </summary>
internal sealed class UniqueKeys(StatementContext context, TableSchema table) : IDisposable
{
    private readonly ByteWriter _key = new();
    private readonly ByteWriter _owner = new();
    private readonly KeyLookup _lookup = new();

    /// <summary>Primary key of the row that stands in the way, after a conflict.</summary>
    public ReadOnlySpan<byte> Owner => _owner.Written;

    /// <summary>
    /// False where that is a row nobody sees and nothing ends, an appended one that lost a unique key: a row under its key would count
    /// for nothing.
    /// </summary>
    public bool IsOwnerSeen { get; private set; }

    /// <summary>The first index in which another row has a key of this one; null where none has.</summary>
    public IndexSchema? FindConflict(TableRow row)
    {
        IsOwnerSeen = true;
        if (table.PrimaryKey is { } primary && IsTaken(row))
        {
            _owner.Clear();
            _owner.Write(row.Key);
            return primary;
        }

        return FindSecondaryConflict(row, row.Key, null);
    }

    /// <summary>Locks the primary key of a row and says whether another has it.</summary>
    public bool IsTaken(TableRow row)
    {
        context.LockRow(table, row.Key, LockMode.Exclusive);
        ReadView view = context.NewestView();
        bool isTaken = view.TryGetRow(table, row.Key, out _);
        row.HasRegisters = view.FoundRegisters;
        IsOwnerSeen = !view.FoundUnseenAppended;
        return isTaken || !IsOwnerSeen;
    }

    /// <summary>
    /// The first unique index but the primary key in which a row other than <paramref name="own"/> has a key of this one;
    /// indexes none of whose columns <paramref name="changed"/> names are passed over.
    /// </summary>
    public IndexSchema? FindSecondaryConflict(TableRow row, ReadOnlySpan<byte> own, HashSet<int>? changed)
    {
        foreach (IndexSchema index in table.Indexes)
        {
            if (!index.IsUnique || (changed is not null && !Touches(index, changed)))
                continue;
            _key.Clear();
            if (!IndexKeys.Append(_key, table, index, table.Map(table.WriteLayout.Number), row.Image))
                continue;
            LockFailure.Check(context.Transaction.Lock(index.Tree, _key.Written, LockMode.Exclusive));
            if (!_lookup.TryFind(context.NewestView(), index, _key.Written, own, out ReadOnlySpan<byte> owner))
                continue;
            _owner.Clear();
            _owner.Write(owner);
            return index;
        }

        return null;
    }

    /// <summary>Error 1062 for a row's key in an index.</summary>
    public static SqlError DuplicateError(StatementContext context, TableSchema table, IndexSchema index, TableRow row) =>
        SqlErrors.DuplicateEntry(TextOf(context, index, row), string.Create(CultureInfo.InvariantCulture, $"{table.Name}.{index.Name}"));

    /// <summary>A row's key in an index as errors show it.</summary>
    public static string TextOf(StatementContext context, IndexSchema index, TableRow row)
    {
        var text = new StringBuilder();
        foreach (IndexPart part in index.Parts)
        {
            if (text.Length > 0)
                text.Append('-');
            ColumnVector column = row.Columns.Column(part.Ordinal);
            ReadOnlySpan<byte> shown = column.IsNull(0)
                ? "NULL"u8
                : Expressions.Conversion.ToText(context.Evaluation, column, 0);
            text.Append(Encoding.UTF8.GetString(shown));
        }

        return text.ToString();
    }

    /// <summary>Gives the buffers back.</summary>
    public void Dispose()
    {
        _key.Dispose();
        _owner.Dispose();
        _lookup.Dispose();
    }

    private static bool Touches(IndexSchema index, HashSet<int> changed)
    {
        foreach (IndexPart part in index.Parts)
        {
            if (changed.Contains(part.Ordinal))
                return true;
        }

        return false;
    }
}
