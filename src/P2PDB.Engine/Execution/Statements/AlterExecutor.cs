using System.Globalization;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Execution.Definitions;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast.Definitions;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using AlterNode = P2PDB.Engine.Sql.Ast.Definitions.AlterAction;
using ColumnNode = P2PDB.Engine.Sql.Ast.Definitions.ColumnDefinition;
using IndexNode = P2PDB.Engine.Sql.Ast.Definitions.IndexDefinition;
using IndexNodeKind = P2PDB.Engine.Sql.Ast.Definitions.IndexKind;
using LoggedAction = P2PDB.Engine.Catalog.Definitions.AlterAction;
using LoggedColumn = P2PDB.Engine.Catalog.Definitions.ColumnDefinition;
using LoggedIndex = P2PDB.Engine.Catalog.Definitions.IndexDefinition;
using PlaceNode = P2PDB.Engine.Sql.Ast.Definitions.ColumnPlace;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>ALTER TABLE: each action becomes one operation of the log; all of them are committed together.</summary>
internal sealed class AlterExecutor
{
    private readonly StatementContext _context;
    private readonly Hash256 _database;
    private readonly TableSchema _table;
    private readonly ByteWriter _payload = new();
    private readonly Dictionary<string, (ColumnId Id, SqlType Type)> _columns = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _indexes = new(StringComparer.OrdinalIgnoreCase);
    private ulong _lastPosition;

    private AlterExecutor(StatementContext context, Hash256 database, TableSchema table)
    {
        _context = context;
        _database = database;
        _table = table;
        foreach (ColumnSchema column in table.Columns)
        {
            _columns[column.Name] = (column.Id, column.Type);
            _lastPosition = Math.Max(_lastPosition, column.Position);
        }

        foreach (IndexSchema index in table.Indexes)
            _indexes.Add(index.Name);
    }

    /// <summary>ALTER TABLE.</summary>
    public static StatementResult Alter(StatementContext context, AlterTableStatement statement)
    {
        DefinitionExecutor.Writable(context, statement.Name.Schema);
        TableSchema table = context.TableOf(statement.Name.Schema, statement.Name.Name, out Hash256 database);
        var executor = new AlterExecutor(context, database, table);
        foreach (AlterNode action in statement.Actions)
            executor.Apply(action);
        return new StatementResult { Message = StatementMessage.Inserted(0, 0, 0) };
    }

    private void Apply(AlterNode action)
    {
        switch (action)
        {
            case AddColumnAction a: AddColumn(a.Column, a.Place); break;
            case AddElementAction { Element: IndexNode index }: AddIndex(index); break;
            case AddElementAction { Element: ColumnNode column }: AddColumn(column, null); break;
            case AddElementAction a: throw TableBuilder.Unsupported(a.Element).ToException();
            case ModifyColumnAction a: Modify(a.Column.Name, a.Column, a.Place); break;
            case ChangeColumnAction a:
                Modify(a.OldName, a.Column, a.Place);
                if (!a.OldName.Equals(a.Column.Name, StringComparison.Ordinal))
                    Rename(a.OldName, a.Column.Name);
                break;
            case RenameColumnAction a: Rename(a.OldName, a.NewName); break;
            case SetDefaultAction a: SetDefault(a); break;
            case SetColumnVisibilityAction a:
                ColumnSchema shown = ColumnOf(a.Column);
                WriteAlteration(new Alteration(_table.Id, LoggedAction.ModifyColumn)
                {
                    Column = shown.Id,
                    Shape = shown.Shape with { IsInvisible = !a.IsVisible },
                });
                break;
            case DropElementAction a: Drop(a); break;
            case RenameTableAction a: RenameTable(a); break;
            case RenameIndexAction a: RenameIndex(a); break;
            case SetTableOptionAction a: SetOption(a.Option); break;
            case ConvertCharacterSetAction a: ConvertText(a); break;
            case SetIndexVisibilityAction a: SetIndexVisibility(a); break;
            case SetKeysAction or OrderRowsAction or ForceAction: break;
            default: throw SqlErrors.NotSupportedYet("this ALTER TABLE action").ToException();
        }
    }

    private ColumnSchema ColumnOf(string name)
    {
        int ordinal = _table.OrdinalOf(name);
        return ordinal >= 0 ? _table.Columns[ordinal] : throw SqlErrors.UnknownColumn(name, _table.Name).ToException();
    }

    private void AddColumn(ColumnNode node, PlaceNode? place)
    {
        if (_columns.ContainsKey(node.Name))
            throw SqlErrors.DuplicateColumn(node.Name).ToException();
        if (node.IsPrimaryKey)
            throw SqlErrors.NotSupportedYet("ADD COLUMN … PRIMARY KEY").ToException();
        DefinitionLimits.CheckColumnName(node.Name);
        DefinitionLimits.CheckColumnCount(_columns.Count + 1);
        ColumnShape shape = ColumnBuilder.Shape(_context, node, _table.Options.Collation, isKey: false);
        (ColumnId id, uint generation) = FreeColumnId(node.Name);
        ulong position = place is null ? _lastPosition + Catalog.Definitions.ColumnPlace.Step : PositionOf(place);
        _lastPosition = Math.Max(_lastPosition, position);
        WriteAlteration(new Alteration(_table.Id, LoggedAction.AddColumn)
        {
            Added = new LoggedColumn
            {
                Id = id,
                Name = node.Name,
                Generation = generation,
                Position = position,
                Shape = shape,
                Fill = ColumnBuilder.Fill(_context, shape),
            },
        });
        _columns[node.Name] = (id, shape.Type);
        if (node.IsUnique)
        {
            AddIndex(new IndexNode(IndexNodeKind.Unique, null, [new KeyPart(node.Name, null, null, false)], new IndexOptions()));
        }
    }

    /// <summary>An identity that no column of the table ever had.</summary>
    private (ColumnId Id, uint Generation) FreeColumnId(string name)
    {
        for (uint generation = 0; ; generation++)
        {
            ColumnId id = CatalogIds.ColumnIdOf(name, generation);
            if (!IsKnown(id))
                return (id, generation);
        }
    }

    private bool IsKnown(ColumnId id)
    {
        for (int i = 0; i < _table.Layouts.Count; i++)
        {
            foreach (StoredColumn column in _table.Layouts[i].Columns)
            {
                if (column.Id == id)
                    return true;
            }
        }

        foreach ((ColumnId known, _) in _columns.Values)
        {
            if (known == id)
                return true;
        }

        return false;
    }

    private ulong PositionOf(PlaceNode place) =>
        Catalog.Definitions.ColumnPlace.After(_table, place.IsFirst ? -1 : ColumnOf(place.After!).Ordinal);

    private void Modify(string name, ColumnNode node, PlaceNode? place)
    {
        ColumnSchema column = ColumnOf(name);
        ColumnShape shape = ColumnBuilder.Shape(_context, node, _table.Options.Collation, column.IsInPrimaryKey);
        if (column.IsInPrimaryKey && !CatalogIds.HaveSameKeyForm(column.Type, shape.Type))
            throw SqlErrors.NotSupportedYet("another kind of type for a primary key column").ToException();
        new TypeChange(_context, _table, column, shape.Type).Check(shape.IsNullable);
        WriteAlteration(new Alteration(_table.Id, LoggedAction.ModifyColumn) { Column = column.Id, Shape = shape });
        _columns[name] = (column.Id, shape.Type);
        if (place is not null)
        {
            WriteAlteration(new Alteration(_table.Id, LoggedAction.MoveColumn)
            {
                Column = column.Id,
                Number = PositionOf(place),
            });
        }

        if (node.IsUnique)
            AddIndex(new IndexNode(IndexNodeKind.Unique, null, [new KeyPart(name, null, null, false)], new IndexOptions()));
    }

    private void Rename(string oldName, string newName)
    {
        ColumnSchema column = ColumnOf(oldName);
        if (_columns.TryGetValue(newName, out (ColumnId Id, SqlType Type) other) && other.Id != column.Id)
            throw SqlErrors.DuplicateColumn(newName).ToException();
        DefinitionLimits.CheckColumnName(newName);
        WriteAlteration(new Alteration(_table.Id, LoggedAction.RenameColumn) { Column = column.Id, Name = newName });
        _columns.Remove(oldName);
        _columns[newName] = (column.Id, column.Type);
    }

    private void SetDefault(SetDefaultAction action)
    {
        ColumnSchema column = ColumnOf(action.Column);
        DefaultValue value = action.Default is null
            ? DefaultValue.None
            : ColumnBuilder.Default(_context, column.Name, action.Default, action.IsExpression, column.Type, column.IsNullable);
        WriteAlteration(new Alteration(_table.Id, LoggedAction.ModifyColumn)
        {
            Column = column.Id,
            Shape = column.Shape with { Default = value },
        });
    }

    private void AddIndex(IndexNode node)
    {
        if (node.Kind == IndexNodeKind.Primary)
            throw SqlErrors.NotSupportedYet("ADD PRIMARY KEY").ToException();
        string name = node.Name ?? FreeIndexName(node.Parts[0].Column ?? "functional_index");
        if (!_indexes.Add(name))
            throw SqlErrors.DuplicateKeyName(name).ToException();
        DefinitionLimits.CheckIndexCount(_indexes.Count);
        LoggedIndex index = TableBuilder.Index(
            node, name, column => _columns.TryGetValue(column, out (ColumnId, SqlType) found) ? found : null);
        NewIndexCheck.Run(_context, _table, index);
        _payload.Clear();
        DefinitionWriter.WriteCreateIndex(_payload, _table.Id, index);
        _context.Transaction.Define(_database, DefinitionKind.CreateIndex, _payload.Written);
    }

    private string FreeIndexName(string column)
    {
        string name = column;
        for (int i = 2; _indexes.Contains(name); i++)
            name = string.Create(CultureInfo.InvariantCulture, $"{column}_{i}");
        return name;
    }

    private void Drop(DropElementAction action)
    {
        switch (action.Element)
        {
            case DroppedElement.Column:
                ColumnSchema column = ColumnForDrop(action.Name!);
                if (column.IsInPrimaryKey)
                    throw SqlErrors.NotSupportedYet("DROP of a primary key column").ToException();
                if (_columns.Count == 1)
                    throw SqlErrors.CannotRemoveAllColumns().ToException();
                WriteAlteration(new Alteration(_table.Id, LoggedAction.DropColumn) { Column = column.Id });
                _columns.Remove(action.Name!);
                break;
            case DroppedElement.Index:
                DropIndex(action.Name!);
                break;
            case DroppedElement.PrimaryKey:
                throw SqlErrors.NotSupportedYet("DROP PRIMARY KEY").ToException();
            default:
                throw SqlErrors.CannotDropFieldOrKey(action.Name ?? "").ToException();
        }
    }

    private ColumnSchema ColumnForDrop(string name)
    {
        int ordinal = _table.OrdinalOf(name);
        return ordinal >= 0 && _columns.ContainsKey(name)
            ? _table.Columns[ordinal] : throw SqlErrors.CannotDropFieldOrKey(name).ToException();
    }

    private void DropIndex(string name)
    {
        if (!_indexes.Remove(name))
            throw SqlErrors.CannotDropFieldOrKey(name).ToException();
        _payload.Clear();
        DefinitionWriter.WriteName(_payload, _table.Id, name);
        _context.Transaction.Define(_database, DefinitionKind.DropIndex, _payload.Written);
    }

    private void RenameIndex(RenameIndexAction action)
    {
        if (!_indexes.Contains(action.OldName) || _table.FindIndex(action.OldName) is not { } index)
            throw SqlErrors.KeyDoesNotExist(action.OldName, _table.Name).ToException();
        if (_indexes.Contains(action.NewName))
            throw SqlErrors.DuplicateKeyName(action.NewName).ToException();
        DefinitionLimits.CheckIndexName(action.NewName);
        Recreate(index, action.NewName, index.IsInvisible);
    }

    private void SetIndexVisibility(SetIndexVisibilityAction action)
    {
        if (_table.FindIndex(action.Index) is not { IsPrimary: false } index)
            throw SqlErrors.KeyDoesNotExist(action.Index, _table.Name).ToException();
        Recreate(index, index.Name, !action.IsVisible);
    }

    private void Recreate(IndexSchema index, string name, bool isInvisible)
    {
        DropIndex(index.Name);
        _indexes.Add(name);
        var parts = new IndexColumn[index.Parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            IndexPart part = index.Parts[i];
            parts[i] = new IndexColumn(_table.Columns[part.Ordinal].Id, part.PrefixLength, part.IsDescending);
        }

        _payload.Clear();
        DefinitionWriter.WriteCreateIndex(_payload, _table.Id, new LoggedIndex
        {
            Name = name,
            Kind = index.Kind,
            Columns = [.. parts],
            Comment = index.Comment,
            IsInvisible = isInvisible,
        });
        _context.Transaction.Define(_database, DefinitionKind.CreateIndex, _payload.Written);
    }

    private void RenameTable(RenameTableAction action)
    {
        if (action.NewName.Name.Equals(_table.Name, StringComparison.Ordinal))
            return;
        string? schema = action.NewName.Schema ?? _context.Session.Schema;
        DatabaseSchema database = _context.Node.Transactions.CurrentSchema.Find(_database)!;
        if (schema is not null && _context.Node.Transactions.Databases.TryGetValue(schema, out Hash256 other) && other != _database
            && action.NewName.Schema is not null)
        {
            throw SqlErrors.NotSupportedYet("RENAME TABLE to another database").ToException();
        }

        if (database.FindTable(action.NewName.Name) is { } there && there.Id != _table.Id)
            throw SqlErrors.TableExists(action.NewName.Name).ToException();
        DefinitionLimits.CheckTableName(action.NewName.Name);
        _payload.Clear();
        DefinitionWriter.WriteName(_payload, _table.Id, action.NewName.Name);
        _context.Transaction.Define(_database, DefinitionKind.RenameTable, _payload.Written);
    }

    private void SetOption(TableOption option)
    {
        (TableOptions options, ulong start) = TableBuilder.Options([option]);
        switch (option.Name.ToUpperInvariant())
        {
            case "AUTO_INCREMENT":
                WriteAlteration(new Alteration(_table.Id, LoggedAction.SetAutoIncrement) { Number = start });
                break;
            case "COMMENT":
                DefinitionLimits.CheckTableComment(_table.Name, options.Comment);
                WriteOptions(_table.Options with { Comment = options.Comment });
                break;
            case "ENGINE_ATTRIBUTE":
                WriteOptions(_table.Options with { EngineAttribute = options.EngineAttribute });
                break;
            case "CHARSET" or "CHARACTER SET" or "CHARACTER_SET" or "COLLATE":
                WriteOptions(_table.Options with { Collation = options.Collation });
                break;
            default:
                break;
        }
    }

    private void ConvertText(ConvertCharacterSetAction action)
    {
        Collation collation = TypeBinder.CollationOf(action.CharacterSet, action.Collation, Collation.Default);
        foreach (ColumnSchema column in _table.Columns)
        {
            if (!column.Type.IsText || ReferenceEquals(column.Type.Collation, collation))
                continue;
            if (column.IsInPrimaryKey)
                throw SqlErrors.NotSupportedYet("another collation for a primary key column").ToException();
            WriteAlteration(new Alteration(_table.Id, LoggedAction.ModifyColumn)
            {
                Column = column.Id,
                Shape = column.Shape with { Type = column.Type.WithCollation(collation) },
            });
        }

        WriteOptions(_table.Options with { Collation = collation });
    }

    private void WriteOptions(TableOptions options) =>
        WriteAlteration(new Alteration(_table.Id, LoggedAction.SetOptions) { Options = options });

    private void WriteAlteration(Alteration alteration)
    {
        _payload.Clear();
        DefinitionWriter.WriteAlteration(_payload, alteration);
        _context.Transaction.Define(_database, DefinitionKind.AlterTable, _payload.Written);
    }
}
