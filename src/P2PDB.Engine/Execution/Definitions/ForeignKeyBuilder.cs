using System.Collections.Immutable;
using System.Globalization;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using ForeignKeyDefinition = P2PDB.Engine.Catalog.Definitions.ForeignKeyDefinition;
using ForeignKeyNode = P2PDB.Engine.Sql.Ast.Definitions.ForeignKeyDefinition;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>From FOREIGN KEY as written to the key that is logged, with MySQL's names, errors and order of checks.</summary>
internal sealed class ForeignKeyBuilder
{
    private readonly StatementContext _context;
    private readonly string _schema;
    private readonly DatabaseSchema _database;
    private readonly TableOutline _table;
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private int _lastNumber;

    /// <summary>Prepares for keys of a table; <paramref name="dropped"/> names those of its keys that the statement drops.</summary>
    public ForeignKeyBuilder(
        StatementContext context, string schema, DatabaseSchema database, TableOutline table, IReadOnlySet<string> dropped)
    {
        _context = context;
        _schema = schema;
        _database = database;
        _table = table;
        foreach (TableSchema other in database.Tables)
        {
            foreach (ForeignKeyDefinition key in other.ForeignKeys)
            {
                if (other.Id == table.Id)
                    _lastNumber = Math.Max(_lastNumber, NumberOf(key.Name, table.Name));
                if (other.Id != table.Id || !dropped.Contains(key.Name))
                    _names.Add(key.Name);
            }
        }
    }

    /// <summary>The start of names that are made up for foreign keys of a table.</summary>
    public static string GeneratedStart(string table) => table + "_ibfk_";

    /// <summary>True where values of both types can be compared as a foreign key compares them.</summary>
    public static bool AreCompatible(SqlType left, SqlType right) =>
        CatalogIds.HaveSameKeyForm(left, right) && (!left.IsInteger || left.Kind == right.Kind);

    /// <summary>Builds a key, without an index.</summary>
    public ForeignKeyDefinition Build(ForeignKeyNode node)
    {
        string name = node.Name ?? string.Create(CultureInfo.InvariantCulture, $"{GeneratedStart(_table.Name)}{++_lastNumber}");
        DefinitionLimits.CheckIndexName(name);
        ForeignKeyReference reference = node.Reference;
        if (node.Columns.Length != reference.Columns.Length)
            throw ConstraintErrors.WrongForeignKey(node.Name).ToException();
        if (!_names.Add(name))
            throw ConstraintErrors.DuplicateForeignKey(name).ToException();
        DefinitionLimits.CheckIndexPartCount(node.Columns.Length);
        OutlinedColumn[] columns = Array.ConvertAll(node.Columns, column => _table.Columns.TryGetValue(column, out OutlinedColumn found)
            ? found : throw SqlErrors.KeyColumnDoesNotExist(column).ToException());
        CheckTwice(node.Columns);
        CheckTwice(reference.Columns);
        ReferenceRule onDelete = RuleOf(reference.OnDelete);
        ReferenceRule onUpdate = RuleOf(reference.OnUpdate);
        bool setsNull = onDelete == ReferenceRule.SetNull || onUpdate == ReferenceRule.SetNull;
        foreach (OutlinedColumn column in columns)
        {
            if (setsNull && !column.IsNullable)
                throw ConstraintErrors.ColumnCannotBeNotNull(column.Name, name).ToException();
        }

        TableOutline? parent = FindParent(reference);
        return new ForeignKeyDefinition
        {
            Name = name,
            Columns = [.. Array.ConvertAll(columns, column => column.Id)],
            Parent = parent?.Id,
            ParentName = parent?.Name ?? reference.Table.Name,
            ParentColumns = parent is null
                ? [.. Array.ConvertAll(reference.Columns, column => new ReferencedColumn(CatalogIds.ColumnIdOf(column, 0), column))]
                : ParentColumns(name, columns, parent, reference.Columns),
            OnDelete = onDelete,
            OnUpdate = onUpdate,
        };
    }

    /// <summary>
    /// Makes indexes for keys that have none, the longer first, since the shorter may begin one, and of equal ones for the last; they are in the
    /// outline then, and their names in the keys.
    /// </summary>
    public void AddIndexes(IReadOnlyList<ForeignKeyNode> nodes, ForeignKeyDefinition[] keys)
    {
        for (int length = DefinitionReader.IndexColumnCountMax; length > 0; length--)
        {
            for (int i = 0; i < keys.Length; i++)
            {
                ImmutableArray<ColumnId> columns = keys[i].Columns;
                bool isRepeated = Array.Exists(keys[(i + 1)..], later => later.Columns.AsSpan().SequenceEqual(columns.AsSpan()));
                if (columns.Length == length && !isRepeated && !_table.HasIndexFor(columns.AsSpan()))
                    keys[i] = keys[i] with { OwnIndex = AddIndex(nodes[i]) };
            }
        }
    }

    /// <summary>Errors where keys that were made before their table cannot reference it as it is now defined.</summary>
    public static void CheckWaiting(DatabaseSchema database, TableOutline parent)
    {
        foreach (TableSchema child in database.Tables)
        {
            foreach (ForeignKeySchema link in database.ForeignKeysOf(child.Id))
            {
                if (link.Parent is not null || !link.ParentName.Equals(parent.Name, StringComparison.OrdinalIgnoreCase))
                    continue;
                OutlinedColumn[] columns = Array.ConvertAll(link.ChildOrdinals, ordinal => new OutlinedColumn(
                    child.Columns[ordinal].Id, child.Columns[ordinal].Name, child.Columns[ordinal].Shape));
                string[] names = new string[columns.Length];
                for (int i = 0; i < names.Length; i++)
                    names[i] = link.ParentColumnName(i);
                ParentColumns(link.Name, columns, parent, names);
            }
        }
    }

    private string AddIndex(ForeignKeyNode node)
    {
        string name = node.Name ?? node.IndexName ?? _table.FreeIndexName(node.Columns[0]);
        DefinitionLimits.CheckIndexName(name);
        DefinitionLimits.CheckIndexCount(_table.Indexes.Count + 1);
        var parts = new KeyPart[node.Columns.Length];
        for (int i = 0; i < parts.Length; i++)
            parts[i] = new KeyPart(node.Columns[i], null, null, false);
        var index = new Sql.Ast.Definitions.IndexDefinition(Sql.Ast.Definitions.IndexKind.Plain, name, parts, new IndexOptions());
        if (!_table.Indexes.TryAdd(name, TableBuilder.Index(index, name, _table)))
            throw SqlErrors.DuplicateKeyName(name).ToException();
        return name;
    }

    private static int NumberOf(string key, string table) =>
        key.StartsWith(GeneratedStart(table), StringComparison.OrdinalIgnoreCase)
        && int.TryParse(key.AsSpan(GeneratedStart(table).Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number : 0;

    private static void CheckTwice(string[] columns)
    {
        for (int i = 1; i < columns.Length; i++)
        {
            if (Array.FindIndex(columns, 0, i, other => other.Equals(columns[i], StringComparison.OrdinalIgnoreCase)) >= 0)
                throw SqlErrors.DuplicateColumn(columns[i]).ToException();
        }
    }

    private static ReferenceRule RuleOf(ReferenceAction action) => action switch
    {
        ReferenceAction.Restrict => ReferenceRule.Restrict,
        ReferenceAction.Cascade => ReferenceRule.Cascade,
        ReferenceAction.SetNull => ReferenceRule.SetNull,
        ReferenceAction.SetDefault => throw ConstraintErrors.CannotAddForeignKey().ToException(),
        _ => ReferenceRule.NoAction,
    };

    /// <summary>The table that is referenced; null where it may come later.</summary>
    private TableOutline? FindParent(ForeignKeyReference reference)
    {
        if (reference.Table.Schema is { } schema && !schema.Equals(_schema, StringComparison.OrdinalIgnoreCase))
            throw SqlErrors.NotSupportedYet("FOREIGN KEY to a table of another database").ToException();
        string name = reference.Table.Name;
        if (name.Equals(_table.Name, StringComparison.OrdinalIgnoreCase))
            return _table;
        if (_database.FindView(name) is not null)
            throw SqlErrors.WrongObject(_schema, name, "BASE TABLE").ToException();
        if (_database.FindTable(name) is { } table)
            return TableOutline.Of(table);
        return _context.Session.ChecksForeignKeys ? throw ConstraintErrors.CannotOpenParent(name).ToException() : null;
    }

    private static ImmutableArray<ReferencedColumn> ParentColumns(string key, OutlinedColumn[] columns, TableOutline parent, string[] names)
    {
        var found = new ReferencedColumn[names.Length];
        for (int i = 0; i < found.Length; i++)
        {
            if (!parent.Columns.TryGetValue(names[i], out OutlinedColumn column))
                throw ConstraintErrors.MissingParentColumn(names[i], key, parent.Name).ToException();
            if (!AreCompatible(columns[i].Type, column.Type))
                throw ConstraintErrors.IncompatibleColumns(columns[i].Name, column.Name, key).ToException();
            found[i] = new ReferencedColumn(column.Id, column.Name);
        }

        return parent.HasKeyOf(Array.ConvertAll(found, column => column.Id))
            ? [.. found] : throw ConstraintErrors.MissingParentKey(key, parent.Name).ToException();
    }
}
