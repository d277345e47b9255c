using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using ForeignKeyDefinition = P2PDB.Engine.Catalog.Definitions.ForeignKeyDefinition;
using ForeignKeyNode = P2PDB.Engine.Sql.Ast.Definitions.ForeignKeyDefinition;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>
/// What an ALTER TABLE does to foreign keys. Its other actions come first, in the outline; then keys are added over what they left, and
/// every key that stays, on either side, must find there what it needs.
/// </summary>
internal sealed class ForeignKeyAlteration(
    StatementContext context, string schema, DatabaseSchema database, TableSchema before, TableOutline after)
{
    private readonly List<ForeignKeyNode> _added = [];
    private readonly HashSet<string> _dropped = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names of the keys to drop.</summary>
    public IReadOnlyCollection<string> Dropped => _dropped;

    /// <summary>Takes note of ADD FOREIGN KEY.</summary>
    public void Add(ForeignKeyNode node) => _added.Add(node);

    /// <summary>True where the table has a foreign key of a name.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>True where the statement drops a key.</summary>
    public bool Drops(string name) => _dropped.Contains(name);

    /// <summary>Takes note of DROP FOREIGN KEY; error 1091 where there is none.</summary>
    public void Drop(string name)
    {
        if (!Has(name) || !_dropped.Add(name))
            throw SqlErrors.CannotDropFieldOrKey(name).ToException();
    }

    /// <summary>Error 1830 where a column is to be NOT NULL that a key sets to NULL.</summary>
    public void CheckNotNull(ColumnSchema column)
    {
        foreach (ForeignKeySchema link in database.ForeignKeysOf(before.Id))
        {
            bool setsNull = link.Definition.OnDelete == ReferenceRule.SetNull || link.Definition.OnUpdate == ReferenceRule.SetNull;
            if (setsNull && link.ChildOrdinals.Contains(column.Ordinal) && !_dropped.Contains(link.Name))
                throw ConstraintErrors.ColumnCannotBeNotNull(column.Name, link.Name).ToException();
        }
    }

    /// <summary>The names of indexes that were made for keys and that an index of a name, new in the outline, stands in for.</summary>
    public IEnumerable<string> OwnIndexesReplacedBy(string name)
    {
        IndexDefinition added = after.Indexes[name];
        foreach (ForeignKeyDefinition key in before.ForeignKeys)
        {
            ReadOnlySpan<ColumnId> columns = key.Columns.AsSpan();
            if (!key.OwnIndex.Equals(name, StringComparison.OrdinalIgnoreCase)
                && after.Indexes.TryGetValue(key.OwnIndex, out IndexDefinition? own) && own.Kind == IndexKind.Plain
                && own.Columns.Length == columns.Length && TableOutline.BeginsWith(own.Columns, columns)
                && TableOutline.BeginsWith(added.Columns, columns))
            {
                yield return own.Name;
            }
        }
    }

    /// <summary>Checks what stays, then builds what is added, with indexes in the outline where there are none.</summary>
    public ForeignKeyDefinition[] Finish()
    {
        CheckOwn();
        CheckReferencing();
        if (_added.Count == 0)
            return [];
        var builder = new ForeignKeyBuilder(context, schema, database, after, _dropped);
        ForeignKeyDefinition[] keys = [.. _added.ConvertAll(builder.Build)];
        builder.AddIndexes(_added, keys);
        if (context.Session.ChecksForeignKeys)
        {
            foreach (ForeignKeyDefinition key in keys)
            {
                using var check = new ForeignKeyRowCheck(context, schema, database, before, after, key);
                check.Run();
            }
        }

        return keys;
    }

    /// <summary>The keys that stay, those that were built last among them.</summary>
    public List<ForeignKeyDefinition> Remaining(ForeignKeyDefinition[] added)
    {
        List<ForeignKeyDefinition> keys = [.. added];
        foreach (ForeignKeyDefinition key in before.ForeignKeys)
        {
            if (!_dropped.Contains(key.Name))
                keys.Add(key);
        }

        return keys;
    }

    private ForeignKeyDefinition? Find(string name)
    {
        foreach (ForeignKeyDefinition key in before.ForeignKeys)
        {
            if (key.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return key;
        }

        return null;
    }

    private void CheckOwn()
    {
        foreach (ForeignKeySchema link in database.ForeignKeysOf(before.Id))
        {
            if (_dropped.Contains(link.Name))
                continue;
            ForeignKeyDefinition key = link.Definition;
            for (int i = 0; i < key.Columns.Length; i++)
            {
                ColumnSchema old = before.Columns[link.ChildOrdinals[i]];
                OutlinedColumn column = after.Find(old.Id) ?? throw ConstraintErrors.ColumnNeeded(old.Name, key.Name).ToException();
                if (IsSame(old.Type, column.Type))
                    continue;
                if (ParentTypeOf(link, i) is { } parent && !ForeignKeyBuilder.AreCompatible(column.Type, parent))
                    throw ConstraintErrors.IncompatibleColumns(column.Name, link.ParentColumnName(i), key.Name).ToException();
                if (context.Session.ChecksForeignKeys)
                    throw ConstraintErrors.CannotChangeColumn(column.Name, key.Name).ToException();
            }

            if (context.Session.ChecksForeignKeys && link.ChildIndex is { } index && !after.HasIndexFor(key.Columns.AsSpan()))
                throw ConstraintErrors.IndexNeeded(index.Name).ToException();
        }
    }

    private void CheckReferencing()
    {
        foreach (ForeignKeySchema link in database.ForeignKeysTo(before.Id))
        {
            if ((link.IsToItself && _dropped.Contains(link.Name)) || link.ParentKey is null)
                continue;
            var columns = new ColumnId[link.ParentOrdinals.Length];
            for (int i = 0; i < columns.Length; i++)
            {
                ColumnSchema old = before.Columns[link.ParentOrdinals[i]];
                columns[i] = old.Id;
                OutlinedColumn column = after.Find(old.Id)
                    ?? throw ConstraintErrors.ColumnNeededBy(old.Name, link.Name, link.Child.Name).ToException();
                if (IsSame(old.Type, column.Type))
                    continue;
                ColumnSchema child = link.Child.Columns[link.ChildOrdinals[i]];
                SqlType childType = link.IsToItself ? after.Find(child.Id)!.Value.Type : child.Type;
                if (!ForeignKeyBuilder.AreCompatible(childType, column.Type))
                    throw ConstraintErrors.IncompatibleColumns(child.Name, column.Name, link.Name).ToException();
                if (context.Session.ChecksForeignKeys)
                    throw ConstraintErrors.CannotChangeParentColumn(column.Name, link.Name, link.Child.Name).ToException();
            }

            if (context.Session.ChecksForeignKeys && !after.HasKeyOf(columns))
                throw ConstraintErrors.IndexNeeded(link.ParentKey.Name).ToException();
        }
    }

    /// <summary>The type of what a column of the table references; null where there is nothing.</summary>
    private SqlType? ParentTypeOf(ForeignKeySchema link, int index)
    {
        if (link.ParentKey is null)
            return null;
        ColumnSchema parent = link.Parent!.Columns[link.ParentOrdinals[index]];
        return link.IsToItself ? after.Find(parent.Id)?.Type : parent.Type;
    }

    /// <summary>True where a change of type leaves every value as it was: none, or more room for a text.</summary>
    private static bool IsSame(SqlType old, SqlType type) =>
        type == old || (old.Kind == type.Kind && old.IsString && ReferenceEquals(old.Collation, type.Collation) && type.Length >= old.Length);
}
