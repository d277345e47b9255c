using System.Globalization;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Hashing;
using ColumnNode = P2PDB.Engine.Sql.Ast.Definitions.ColumnDefinition;
using IndexNode = P2PDB.Engine.Sql.Ast.Definitions.IndexDefinition;
using IndexPartNode = P2PDB.Engine.Sql.Ast.Definitions.KeyPart;
using LoggedColumnDefinition = P2PDB.Engine.Catalog.Definitions.ColumnDefinition;
using LoggedIndex = P2PDB.Engine.Catalog.Definitions.IndexDefinition;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>From CREATE TABLE as written to the definition that is logged.</summary>
internal sealed class TableBuilder(StatementContext context)
{
    private readonly List<LoggedColumnDefinition> _columns = [];
    private readonly List<LoggedIndex> _indexes = [];
    private readonly HashSet<string> _indexNames = new(StringComparer.OrdinalIgnoreCase);
    private IndexColumn[]? _primaryKey;

    /// <summary>Builds the definition of a table of a database.</summary>
    public TableDefinition Build(CreateTableStatement statement, DatabaseSchema database, Hash256 databaseId)
    {
        (TableOptions options, ulong start) = Options(statement.Options);
        DefinitionLimits.CheckTableComment(statement.Name.Name, options.Comment);
        HashSet<string> keyColumns = KeyColumns(statement.Elements);
        foreach (TableElement element in statement.Elements)
        {
            if (element is ColumnNode column)
                AddColumn(column, options.Collation, keyColumns.Contains(column.Name));
            else if (element is CheckConstraint or ForeignKeyDefinition)
                throw Unsupported(element).ToException();
        }

        if (_columns.Count == 0)
            throw SqlErrors.TableMustHaveColumns().ToException();
        foreach (TableElement element in statement.Elements)
        {
            if (element is ColumnNode { IsPrimaryKey: true } column)
                SetPrimaryKey([new IndexPartNode(column.Name, null, null, false)]);
        }

        AddIndexes(statement.Elements);
        CheckAutoIncrement();
        return Finish(statement.Name.Name, database, databaseId, options, start);
    }

    /// <summary>What is said of a constraint that would be accepted without its effect: it is refused instead.</summary>
    public static SqlError Unsupported(TableElement element) =>
        SqlErrors.NotSupportedYet(element is CheckConstraint ? "CHECK constraints" : "FOREIGN KEY constraints");

    /// <summary>The definition of an index but the primary key, under a name, over columns that are found by name.</summary>
    public static LoggedIndex Index(IndexNode index, string name, Func<string, (ColumnId Id, SqlType Type)?> find)
    {
        if (index.Kind is Sql.Ast.Definitions.IndexKind.Spatial)
            throw SqlErrors.NotSupportedYet("SPATIAL indexes").ToException();
        if (index.Kind == Sql.Ast.Definitions.IndexKind.FullText)
            throw SqlErrors.NotSupportedYet("FULLTEXT indexes").ToException();
        string comment = index.Options.Comment ?? "";
        DefinitionLimits.CheckIndexName(name);
        DefinitionLimits.CheckIndexComment(name, comment);
        return new LoggedIndex
        {
            Name = name,
            Kind = index.Kind == Sql.Ast.Definitions.IndexKind.Unique ? Catalog.IndexKind.Unique : Catalog.IndexKind.Plain,
            Columns = [.. Parts(index.Parts, find)],
            Comment = comment,
            IsInvisible = index.Options.IsInvisible,
        };
    }

    /// <summary>Gives the definition an identity that no earlier table of the name and key had.</summary>
    private TableDefinition Finish(
        string name, DatabaseSchema database, Hash256 databaseId, TableOptions options, ulong start)
    {
        IndexColumn[] key = _primaryKey ?? [];
        uint generation = 0;
        var id = CatalogIds.TableIdOf(databaseId, name, key, _columns, generation);
        while (database.IsKnown(id))
            id = CatalogIds.TableIdOf(databaseId, name, key, _columns, ++generation);
        return new TableDefinition
        {
            Id = id,
            Name = name,
            Generation = generation,
            Options = options,
            AutoIncrementStart = start,
            Columns = [.. _columns],
            PrimaryKey = [.. key],
            Indexes = [.. _indexes],
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

    private static IndexColumn[] Parts(IndexPartNode[] parts, Func<string, (ColumnId Id, SqlType Type)?> find)
    {
        DefinitionLimits.CheckIndexPartCount(parts.Length);
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (IndexPartNode part in parts)
        {
            if (part.Column is not null && !names.Add(part.Column))
                throw SqlErrors.DuplicateColumn(part.Column).ToException();
        }

        IndexColumn[] columns = Array.ConvertAll(parts, part => Part(part, find));
        DefinitionLimits.CheckKeyLength(Array.ConvertAll(parts, part => (find(part.Column!)!.Value.Type, (int)(part.Length ?? 0))));
        return columns;
    }

    private static IndexColumn Part(IndexPartNode part, Func<string, (ColumnId Id, SqlType Type)?> find)
    {
        if (part.Column is null)
            throw SqlErrors.NotSupportedYet("functional index parts").ToException();
        (ColumnId id, SqlType type) = find(part.Column) ?? throw SqlErrors.KeyColumnDoesNotExist(part.Column).ToException();
        if (type.Kind == SqlTypeKind.Json)
            throw SqlErrors.JsonUsedAsKey(part.Column).ToException();
        int length = (int)(part.Length ?? 0);
        if (type.IsLong && length == 0)
            throw SqlErrors.BlobKeyWithoutLength(part.Column).ToException();
        if (length > 0 && (!type.IsString || (!type.IsLong && length > type.Length)))
            throw SqlErrors.WrongSubkey().ToException();
        if (length == type.Length && !type.IsLong)
            length = 0;
        return new IndexColumn(id, length, part.IsDescending);
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

    private void AddColumn(ColumnNode column, Collation inherited, bool isKey)
    {
        foreach (LoggedColumnDefinition other in _columns)
        {
            if (other.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase))
                throw SqlErrors.DuplicateColumn(column.Name).ToException();
        }

        DefinitionLimits.CheckColumnName(column.Name);
        DefinitionLimits.CheckColumnCount(_columns.Count + 1);
        ColumnShape shape = ColumnBuilder.Shape(context, column, inherited, isKey);
        _columns.Add(new LoggedColumnDefinition
        {
            Id = CatalogIds.ColumnIdOf(column.Name, 0),
            Name = column.Name,
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
        _primaryKey = Parts(parts, Find);
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
        DefinitionLimits.CheckIndexCount(_indexes.Count + 1);
        string name = index.Name ?? FreeName(index.Parts[0].Column ?? "functional_index");
        if (!_indexNames.Add(name))
            throw SqlErrors.DuplicateKeyName(name).ToException();
        _indexes.Add(Index(index, name, Find));
    }

    private string FreeName(string column)
    {
        string name = column;
        for (int i = 2; _indexNames.Contains(name); i++)
            name = string.Create(CultureInfo.InvariantCulture, $"{column}_{i}");
        return name;
    }

    private (ColumnId Id, SqlType Type)? Find(string name)
    {
        foreach (LoggedColumnDefinition column in _columns)
        {
            if (column.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return (column.Id, column.Shape.Type);
        }

        return null;
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
        foreach (LoggedIndex index in _indexes)
            isFirst |= index.Columns[0].Column == id;
        if (!isFirst)
            throw SqlErrors.WrongAutoKey().ToException();
    }
}
