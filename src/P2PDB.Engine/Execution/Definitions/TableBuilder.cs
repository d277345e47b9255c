using System.Globalization;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Hashing;
using ColumnNode = P2PDB.Engine.Sql.Ast.Definitions.ColumnDefinition;
using ForeignKeyDefinition = P2PDB.Engine.Catalog.Definitions.ForeignKeyDefinition;
using ForeignKeyNode = P2PDB.Engine.Sql.Ast.Definitions.ForeignKeyDefinition;
using IndexNode = P2PDB.Engine.Sql.Ast.Definitions.IndexDefinition;
using IndexPartNode = P2PDB.Engine.Sql.Ast.Definitions.KeyPart;
using LoggedColumnDefinition = P2PDB.Engine.Catalog.Definitions.ColumnDefinition;
using LoggedIndex = P2PDB.Engine.Catalog.Definitions.IndexDefinition;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>From CREATE TABLE as written to the definition that is logged.</summary>
internal sealed class TableBuilder(StatementContext context, string name)
{
    private readonly List<LoggedColumnDefinition> _columns = [];
    private readonly TableOutline _table = new(name);
    private IndexColumn[]? _primaryKey;

    /// <summary>The foreign keys of the table, in order, after <see cref="Build"/>.</summary>
    public ForeignKeyDefinition[] ForeignKeys { get; private set; } = [];

    /// <summary>Its CHECK constraints, in order, after <see cref="Build"/>.</summary>
    public IReadOnlyList<CheckDefinition> Checks { get; private set; } = [];

    /// <summary>The columns of the query that fills the table; empty without one.</summary>
    public (string Name, ColumnShape Shape)[] Selected { get; init; } = [];

    /// <summary>Builds the definition of a table of a database, which has a local name.</summary>
    public TableDefinition Build(CreateTableStatement statement, string schema, DatabaseSchema database, Hash256 databaseId)
    {
        (TableOptions options, ulong start) = Options(statement.Options);
        DefinitionLimits.CheckTableComment(name, options.Comment);
        MergeDeclaration.CheckTable(options.EngineAttribute);
        HashSet<string> keyColumns = KeyColumns(statement.Elements);
        AddColumns(statement.Elements, options.Collation, keyColumns);
        if (_columns.Count == 0)
            throw SqlErrors.TableMustHaveColumns().ToException();
        foreach (TableElement element in statement.Elements)
        {
            if (element is ColumnNode { IsPrimaryKey: true } column)
                SetPrimaryKey([new IndexPartNode(column.Name, null, null, false)]);
        }

        AddIndexes(statement.Elements);
        CheckAutoIncrement();
        IndexColumn[] key = _primaryKey ?? [];
        _table.PrimaryKey = key;
        uint generation = FreeGeneration(database, databaseId, key);
        AddForeignKeys(statement.Elements, schema, database);
        ForeignKeyBuilder.CheckWaiting(database, _table);
        AddChecks(statement.Elements, database);
        return new TableDefinition
        {
            Id = _table.Id,
            Name = name,
            Generation = generation,
            Options = options,
            AutoIncrementStart = start,
            Columns = [.. _columns],
            PrimaryKey = [.. key],
            Indexes = [.. _table.Indexes.Values],
        };
    }

    /// <summary>The definition of an index but the primary key, under a name, over columns of a table.</summary>
    public static LoggedIndex Index(IndexNode index, string name, TableOutline table)
    {
        if (index.Kind is Sql.Ast.Definitions.IndexKind.Spatial)
            throw SqlErrors.NotSupportedYet("SPATIAL indexes").ToException();
        if (index.Kind == Sql.Ast.Definitions.IndexKind.FullText)
            throw SqlErrors.NotSupportedYet("FULLTEXT indexes").ToException();
        if (index.Options.EngineAttribute is { Length: > 0 })
            throw MergeErrors.AttributeUnsupported().ToException();
        string comment = index.Options.Comment ?? "";
        DefinitionLimits.CheckIndexName(name);
        DefinitionLimits.CheckIndexComment(name, comment);
        return new LoggedIndex
        {
            Name = name,
            Kind = index.Kind == Sql.Ast.Definitions.IndexKind.Unique ? Catalog.IndexKind.Unique : Catalog.IndexKind.Plain,
            Columns = [.. Parts(index.Parts, table)],
            Comment = comment,
            IsInvisible = index.Options.IsInvisible,
        };
    }

    /// <summary>The options that count; others are taken and forgotten, as MySQL does with those of other engines.</summary>
    public static (TableOptions Options, ulong Start) Options(TableOption[] options)
    {
        string? charset = null;
        string? collation = null;
        string comment = "";
        string attribute = "";
        ulong start = 0;
        foreach (TableOption option in options)
        {
            switch (option.Name.ToUpperInvariant())
            {
                case "CHARSET" or "CHARACTER SET" or "CHARACTER_SET": charset = option.Value; break;
                case "COLLATE": collation = option.Value; break;
                case "COMMENT": comment = option.Value; break;
                case "ENGINE_ATTRIBUTE": attribute = option.Value; break;
                case "AUTO_INCREMENT":
                    ulong.TryParse(option.Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out start);
                    break;
                default: break;
            }
        }

        return (new TableOptions
        {
            Collation = TypeBinder.CollationOf(charset, collation, Collation.Default),
            Comment = comment,
            EngineAttribute = attribute,
        }, start);
    }

    private static IndexColumn[] Parts(IndexPartNode[] parts, TableOutline table)
    {
        DefinitionLimits.CheckIndexPartCount(parts.Length);
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (IndexPartNode part in parts)
        {
            if (part.Column is not null && !names.Add(part.Column))
                throw SqlErrors.DuplicateColumn(part.Column).ToException();
        }

        IndexColumn[] columns = Array.ConvertAll(parts, part => Part(part, table));
        DefinitionLimits.CheckKeyLength(Array.ConvertAll(parts, part => (table.Columns[part.Column!].Type, (int)(part.Length ?? 0))));
        return columns;
    }

    private static IndexColumn Part(IndexPartNode part, TableOutline table)
    {
        if (part.Column is null)
            throw SqlErrors.NotSupportedYet("functional index parts").ToException();
        if (!table.Columns.TryGetValue(part.Column, out OutlinedColumn column))
            throw SqlErrors.KeyColumnDoesNotExist(part.Column).ToException();
        SqlType type = column.Type;
        if (type.Kind == SqlTypeKind.Json)
            throw SqlErrors.JsonUsedAsKey(part.Column).ToException();
        int length = (int)(part.Length ?? 0);
        if (type.IsLong && length == 0)
            throw SqlErrors.BlobKeyWithoutLength(part.Column).ToException();
        if (length > 0 && (!type.IsString || (!type.IsLong && length > type.Length)))
            throw SqlErrors.WrongSubkey().ToException();
        if (length == type.Length && !type.IsLong)
            length = 0;
        return new IndexColumn(column.Id, length, part.IsDescending);
    }

    private static HashSet<string> KeyColumns(TableElement[] elements)
    {
        HashSet<string> columns = new(StringComparer.OrdinalIgnoreCase);
        foreach (TableElement element in elements)
        {
            if (element is not IndexNode { Kind: Sql.Ast.Definitions.IndexKind.Primary } index)
                continue;
            foreach (IndexPartNode part in index.Parts)
            {
                if (part.Column is not null)
                    columns.Add(part.Column);
            }
        }

        return columns;
    }

    // Columns that a query has too stand where it has them, as they were declared.
    private void AddColumns(TableElement[] elements, Collation inherited, HashSet<string> keyColumns)
    {
        Dictionary<string, ColumnShape> declared = new(StringComparer.OrdinalIgnoreCase);
        foreach (TableElement element in elements)
        {
            if (element is not ColumnNode column)
                continue;
            ColumnShape shape = ColumnBuilder.Shape(context, column, inherited, keyColumns.Contains(column.Name));
            bool isSelected = Array.Exists(Selected, selected => selected.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase));
            if (isSelected && !declared.TryAdd(column.Name, shape))
                throw SqlErrors.DuplicateColumn(column.Name).ToException();
            if (!isSelected)
                AddColumn(column.Name, shape);
        }

        foreach ((string selected, ColumnShape shape) in Selected)
        {
            bool isKey = keyColumns.Contains(selected);
            AddColumn(selected, declared.GetValueOrDefault(selected) ?? (isKey && shape.IsNullable
                ? shape with { IsNullable = false, Default = DefaultValue.None } : shape));
        }
    }

    private void AddColumn(string column, ColumnShape shape)
    {
        if (_table.Columns.ContainsKey(column))
            throw SqlErrors.DuplicateColumn(column).ToException();
        DefinitionLimits.CheckColumnName(column);
        DefinitionLimits.CheckColumnCount(_columns.Count + 1);
        ColumnId id = CatalogIds.ColumnIdOf(column, 0);
        _table.Columns.Add(column, new OutlinedColumn(id, column, shape));
        _columns.Add(new LoggedColumnDefinition
        {
            Id = id,
            Name = column,
            Generation = 0,
            Position = Catalog.Definitions.ColumnPlace.OfIndex(_columns.Count),
            Shape = shape,
            Fill = ColumnBuilder.Fill(context, shape),
        });
    }

    private void SetPrimaryKey(IndexPartNode[] parts)
    {
        if (_primaryKey is not null)
            throw SqlErrors.MultiplePrimaryKey().ToException();
        _primaryKey = Parts(parts, _table);
    }

    private void AddIndexes(TableElement[] elements)
    {
        foreach (TableElement element in elements)
        {
            switch (element)
            {
                case IndexNode { Kind: Sql.Ast.Definitions.IndexKind.Primary } index:
                    SetPrimaryKey(index.Parts);
                    break;
                case IndexNode index:
                    AddIndex(index);
                    break;
                case ColumnNode { IsUnique: true } column:
                    AddIndex(new IndexNode(Sql.Ast.Definitions.IndexKind.Unique, null,
                        [new IndexPartNode(column.Name, null, null, false)], new IndexOptions()));
                    break;
                default:
                    break;
            }
        }
    }

    private void AddIndex(IndexNode index)
    {
        DefinitionLimits.CheckIndexCount(_table.Indexes.Count + 1);
        string indexName = index.Name ?? _table.FreeIndexName(index.Parts[0].Column ?? "functional_index");
        if (!_table.Indexes.TryAdd(indexName, Index(index, indexName, _table)))
            throw SqlErrors.DuplicateKeyName(indexName).ToException();
    }

    /// <summary>Gives the table an identity that no earlier one of the name and key had.</summary>
    private uint FreeGeneration(DatabaseSchema database, Hash256 databaseId, IndexColumn[] key)
    {
        uint generation = 0;
        _table.Id = CatalogIds.TableIdOf(databaseId, name, key, _columns, generation);
        while (database.IsKnown(_table.Id))
            _table.Id = CatalogIds.TableIdOf(databaseId, name, key, _columns, ++generation);
        return generation;
    }

    private void AddForeignKeys(TableElement[] elements, string schema, DatabaseSchema database)
    {
        List<ForeignKeyNode> nodes = [];
        foreach (TableElement element in elements)
        {
            if (element is ForeignKeyNode node)
                nodes.Add(node);
        }

        if (nodes.Count == 0)
            return;
        var builder = new ForeignKeyBuilder(context, schema, database, _table, new HashSet<string>());
        ForeignKeys = [.. nodes.ConvertAll(builder.Build)];
        builder.AddIndexes(nodes, ForeignKeys);
    }

    private void AddChecks(TableElement[] elements, DatabaseSchema database)
    {
        var builder = new CheckBuilder(database, _table, new HashSet<string>());
        List<CheckDefinition> checks = [];
        foreach (TableElement element in elements)
        {
            if (element is CheckConstraint constraint)
                checks.Add(builder.Build(constraint, null));
            else if (element is ColumnNode column)
                checks.AddRange(Array.ConvertAll(column.Checks, check => builder.Build(check, column.Name)));
        }

        CheckBuilder.CheckActions(checks, ForeignKeys, _table);
        Checks = checks;
    }

    private void CheckAutoIncrement()
    {
        ColumnId? counter = null;
        foreach (LoggedColumnDefinition column in _columns)
        {
            if (!column.Shape.IsAutoIncrement)
                continue;
            if (counter is not null)
                throw SqlErrors.WrongAutoKey().ToException();
            counter = column.Id;
        }

        if (counter is not { } id)
            return;
        bool isFirst = _primaryKey is { Length: > 0 } key && key[0].Column == id;
        foreach (LoggedIndex index in _table.Indexes.Values)
            isFirst |= index.Columns[0].Column == id;
        if (!isFirst)
            throw SqlErrors.WrongAutoKey().ToException();
    }
}
