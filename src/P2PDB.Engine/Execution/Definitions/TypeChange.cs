using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Conversions;
using P2PDB.Engine.Execution.Changes;
using P2PDB.Engine.Execution.Spilling;
using P2PDB.Engine.Expressions;
using P2PDB.Engine.Transactions;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>
/// Looks at the rows of a table before a column of it gets another type. The rows themselves stay as they are and are read through
/// a conversion; here it comes out, as in MySQL, which values that would spoil, whether two rows would have one key, and whether a
/// key would be too long.
/// </summary>
internal sealed class TypeChange(StatementContext context, TableSchema table, ColumnSchema column, SqlType type)
{
    private readonly ValueConversion _conversion = new(column.Type, null, type, 0, column.Name);
    private readonly List<(IndexSchema Index, LargeKeySet Seen)> _indexes = [];
    private readonly bool _keepsKind = column.Type.Kind == type.Kind;

    /// <summary>Ends the statement where the change is not possible; in strict mode also where a value does not fit.</summary>
    public void Check(bool isNullable)
    {
        CheckKeyLengths();
        if (type.Members is not null && !_keepsKind)
            CheckFormerMembers();
        bool isHeld = LayoutFactory.IsReadableAs(LayoutFactory.FormOf(column.Id, column.Type), type)
            && TypeRange.Holds(type, column.Type) && CatalogIds.HaveSameKeyForm(type, column.Type)
            && (type.Members is null || !_keepsKind || TypeRange.Continues(type.Members, column.Type.Members!));
        if (isHeld && (isNullable || !column.IsNullable))
            return;

        foreach (IndexSchema index in table.Indexes)
        {
            if (HasColumn(index))
                _indexes.Add((index, new LargeKeySet(context.Node.Transactions.Scratch)));
        }

        EvaluationContext evaluation = context.Evaluation;
        SqlMode mode = evaluation.Mode;
        evaluation.IsStrictWrite = true;
        if (column.IsInPrimaryKey)
            evaluation.Mode |= SqlMode.StrictTransTables;   // a row with another key would be another row
        try
        {
            CheckRows(evaluation, isNullable);
        }
        finally
        {
            evaluation.Mode = mode;
            evaluation.IsStrictWrite = false;
            foreach ((_, LargeKeySet seen) in _indexes)
                seen.Dispose();
        }
    }

    /// <summary>Values of a former ENUM or SET go by their numbers again, so these must have kept their texts.</summary>
    private void CheckFormerMembers()
    {
        foreach (SqlType former in column.Types.Known)
        {
            if (former.Kind == type.Kind && !TypeRange.Continues(type.Members!, former.Members!))
                throw SqlErrors.NotSupportedYet("other members than a former ENUM or SET of the column had").ToException();
        }
    }

    private void CheckKeyLengths()
    {
        IndexSchema[] indexes = table.PrimaryKey is { } primary ? [primary, .. table.Indexes] : [.. table.Indexes];
        foreach (IndexSchema index in indexes)
        {
            if (!HasColumn(index))
                continue;
            var parts = new (SqlType Type, int PrefixLength)[index.Parts.Length];
            for (int i = 0; i < parts.Length; i++)
            {
                IndexPart part = index.Parts[i];
                parts[i] = (part.Ordinal == column.Ordinal ? type : table.Columns[part.Ordinal].Type, part.PrefixLength);
            }

            DefinitionLimits.CheckKeyLength(parts);
        }
    }

    private bool HasColumn(IndexSchema index)
    {
        foreach (IndexPart part in index.Parts)
        {
            if (part.Ordinal == column.Ordinal)
                return true;
        }

        return false;
    }

    private void CheckRows(EvaluationContext evaluation, bool isNullable)
    {
        var row = new TableRow(table);
        var target = new ColumnVector(type, 1);
        using ByteWriter key = new();
        evaluation.RowNumber = 1;
        using var rows = new TableWalk(context, context.NewestView(), table);
        while (rows.TryNext(out RowView stored))
        {
            row.Load(stored);
            ColumnVector source = row.Columns.Column(column.Ordinal);
            target.Reset(type);
            if (!source.IsNull(0))
                Convert(evaluation, source, target);
            else if (isNullable)
                target.SetNull(0);
            else
                throw SqlErrors.InvalidUseOfNull().ToException();
            CheckKeys(row, target, rows.Key.Length, key);
            evaluation.RowNumber++;
        }
    }

    private void Convert(EvaluationContext evaluation, ColumnVector source, ColumnVector target)
    {
        if (type.Members is not null && _keepsKind)
        {
            target.SetInt64(0, source.GetInt64(0));
            using ByteWriter text = new();
            ValueFormatter.Format(source, 0, text);
            int length = text.Length;
            ValueFormatter.Format(target, 0, text);
            if (!text.Written[..length].SequenceEqual(text.Written[length..]))
                throw SqlErrors.NotSupportedYet("another number for an ENUM or SET member that rows have").ToException();
            return;
        }

        if (!_conversion.TryAssign(evaluation, source, 0, target, 0))
            throw SqlErrors.InvalidJsonText("Invalid value.", 0, column.Name).ToException();
    }

    private void CheckKeys(TableRow row, ColumnVector changed, int primaryKeyLength, ByteWriter key)
    {
        foreach ((IndexSchema index, LargeKeySet seen) in _indexes)
        {
            key.Clear();
            bool hasNoNull = true;
            foreach (IndexPart part in index.Parts)
            {
                ColumnVector value = part.Ordinal == column.Ordinal ? changed : row.Columns.Column(part.Ordinal);
                hasNoNull &= IndexKeys.Append(key, value, 0, part.PrefixLength);
            }

            if (key.Length + primaryKeyLength > IndexKeys.LengthMax)
                throw SqlErrors.TooLongKey(IndexKeys.LengthMax).ToException();
            if (!hasNoNull || !index.IsUnique)
                continue;
            if (!seen.Add(key.Written))
                throw UniqueKeys.DuplicateError(context, table, index, row).ToException();
        }
    }
}
