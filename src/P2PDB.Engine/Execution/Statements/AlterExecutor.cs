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
using ForeignKeyDefinition = P2PDB.Engine.Catalog.Definitions.ForeignKeyDefinition;
using ForeignKeyNode = P2PDB.Engine.Sql.Ast.Definitions.ForeignKeyDefinition;
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
    private readonly DatabaseSchema _schema;
    private readonly Hash256 _database;
    private readonly TableSchema _table;
    private readonly TableOutline _outline;
    private readonly ForeignKeyAlteration _keys;
    private readonly CheckAlteration _checks;
    private readonly ByteWriter _payload = new();
    private ulong _lastPosition;
    private TableOptions _options;

    private AlterExecutor(StatementContext context, string schema, DatabaseSchema database, TableSchema table)
    {
        _context = context;
        _schema = database;
        _database = database.Id;
        _table = table;
        _options = table.Options;
        _outline = TableOutline.Of(table);
        _keys = new ForeignKeyAlteration(context, schema, database, table, _outline);
        _checks = new CheckAlteration(context, schema, database, table, _outline);
        foreach (ColumnSchema column in table.Columns)
            _lastPosition = Math.Max(_lastPosition, column.Position);
    }

    /// <summary>ALTER TABLE.</summary>
    public static StatementResult Alter(StatementContext context, AlterTableStatement statement)
    {
        string schema = DefinitionExecutor.Writable(context, statement.Name.Schema);
        TableSchema table = context.TableOf(schema, statement.Name.Name, out _);
        var executor = new AlterExecutor(context, schema, context.DatabaseOf(schema, out _), table);
        // What other actions must leave to foreign keys depends on which of them go.
        foreach (AlterNode action in statement.Actions)
        {
            if (IsDropOfConstraint(action))
                executor.Apply(action);
        }

        foreach (AlterNode action in statement.Actions)
        {
            if (!IsDropOfConstraint(action))
                executor.Apply(action);
        }

        executor.FinishConstraints();
        return new StatementResult { Message = StatementMessage.Inserted(0, 0, 0) };
    }

    private static bool IsDropOfConstraint(AlterNode action) =>
        action is DropElementAction { Element: DroppedElement.ForeignKey or DroppedElement.Check or DroppedElement.Constraint };

    private void Apply(AlterNode action)
    {
        switch (action)
        {
            case AddColumnAction a: AddColumn(a.Column, a.Place); break;
            case AddElementAction { Element: IndexNode index }: AddIndex(index); break;
            case AddElementAction { Element: ColumnNode column }: AddColumn(column, null); break;
            case AddElementAction { Element: ForeignKeyNode key }: _keys.Add(key); break;
            case AddElementAction { Element: CheckConstraint check }: _checks.Add(check, null); break;
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
            case SetEnforcedAction a: SetEnforced(a); break;
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
        if (_outline.Columns.ContainsKey(node.Name))
            throw SqlErrors.DuplicateColumn(node.Name).ToException();
        if (node.IsPrimaryKey)
            throw SqlErrors.NotSupportedYet("ADD COLUMN … PRIMARY KEY").ToException();
        DefinitionLimits.CheckColumnName(node.Name);
        DefinitionLimits.CheckColumnCount(_outline.Columns.Count + 1);
        ColumnShape shape = ColumnBuilder.Shape(_context, node, _table.Options.Collation, isKey: false);
        (ColumnId id, uint generation) = FreeColumnId(node.Name);
        ulong position = place is null ? _lastPosition + Catalog.Definitions.ColumnPlace.Step : PositionOf(place);
        _lastPosition = Math.Max(_lastPosition, position);
        byte[] fill = ColumnBuilder.Fill(_context, shape);
        WriteAlteration(new Alteration(_table.Id, LoggedAction.AddColumn)
        {
            Added = new LoggedColumn
            {
                Id = id,
                Name = node.Name,
                Generation = generation,
                Position = position,
                Shape = shape,
                Fill = fill,
            },
        });
        _outline.Columns[node.Name] = new OutlinedColumn(id, node.Name, shape);
        AddChecks(node);
        _outline.Fills[id] = fill;
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

        return _outline.Find(id) is not null;
    }

    private ulong PositionOf(PlaceNode place) =>
        Catalog.Definitions.ColumnPlace.After(_table, place.IsFirst ? -1 : ColumnOf(place.After!).Ordinal);

    private void Modify(string name, ColumnNode node, PlaceNode? place)
    {
        ColumnSchema column = ColumnOf(name);
        ColumnShape shape = ColumnBuilder.Shape(_context, node, _table.Options.Collation, column.IsInPrimaryKey);
        if (column.IsInPrimaryKey && !CatalogIds.HaveSameKeyForm(column.Type, shape.Type))
            throw SqlErrors.NotSupportedYet("another kind of type for a primary key column").ToException();
        if (!shape.IsNullable)
            _keys.CheckNotNull(column);
        new TypeChange(_context, _table, column, shape.Type).Check(shape.IsNullable);
        WriteAlteration(new Alteration(_table.Id, LoggedAction.ModifyColumn) { Column = column.Id, Shape = shape });
        _outline.Columns[name] = new OutlinedColumn(column.Id, column.Name, shape);
        AddChecks(node);
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
        if (_outline.Columns.TryGetValue(newName, out OutlinedColumn other) && other.Id != column.Id)
            throw SqlErrors.DuplicateColumn(newName).ToException();
        DefinitionLimits.CheckColumnName(newName);
        WriteAlteration(new Alteration(_table.Id, LoggedAction.RenameColumn) { Column = column.Id, Name = newName });
        if (_outline.Columns.Remove(oldName, out OutlinedColumn outlined))
            _outline.Columns[newName] = outlined with { Name = newName };
        _checks.RenameColumn(column);
        ConstraintRenames.OfColumn(_context, _database, _schema, _table, column, newName);
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
        string name = node.Name ?? _outline.FreeIndexName(node.Parts[0].Column ?? "functional_index");
        LoggedIndex index = TableBuilder.Index(node, name, _outline);
        if (!_outline.Indexes.TryAdd(name, index))
            throw SqlErrors.DuplicateKeyName(name).ToException();
        DefinitionLimits.CheckIndexCount(_outline.Indexes.Count);
        NewIndexCheck.Run(_context, _table, index);
        WriteIndex(index);
        foreach (string own in _keys.OwnIndexesReplacedBy(name))
            DropIndex(own);
    }

    private void WriteIndex(LoggedIndex index)
    {
        _payload.Clear();
        DefinitionWriter.WriteCreateIndex(_payload, _table.Id, index);
        _context.Transaction.Define(_database, DefinitionKind.CreateIndex, _payload.Written);
    }

    private void AddChecks(ColumnNode node)
    {
        foreach (CheckConstraint check in node.Checks)
            _checks.Add(check, node.Name);
    }

    /// <summary>ALTER CHECK or CONSTRAINT: only a CHECK can be enforced or not.</summary>
    private void SetEnforced(SetEnforcedAction action)
    {
        if (_checks.Find(action.Name) is null && (_keys.Has(action.Name) || _outline.Indexes.ContainsKey(action.Name)))
            throw ConstraintErrors.EnforcementUnsupported(action.Name).ToException();
        _checks.SetEnforced(action.Name, action.IsEnforced);
    }

    /// <summary>Logs what became of the constraints, once all else is known.</summary>
    private void FinishConstraints()
    {
        HashSet<string> known = [.. _outline.Indexes.Keys];
        ForeignKeyDefinition[] added = _keys.Finish();
        List<CheckDefinition> checks = _checks.Finish(_keys.Remaining(added));
        WriteEnds(DefinitionKind.DropForeignKey, _keys.Dropped);
        WriteEnds(DefinitionKind.DropCheck, _checks.Dropped);
        DefinitionExecutor.DefineChecks(_context, _database, _table.Id, checks);
        foreach (ForeignKeyDefinition key in added)
        {
            if (key.OwnIndex.Length > 0 && known.Add(key.OwnIndex))
                WriteIndex(_outline.Indexes[key.OwnIndex]);
            _payload.Clear();
            ConstraintCodec.WriteCreateForeignKey(_payload, _table.Id, key);
            _context.Transaction.Define(_database, DefinitionKind.CreateForeignKey, _payload.Written);
        }
    }

    private void WriteEnds(DefinitionKind kind, IEnumerable<string> names)
    {
        foreach (string name in names)
        {
            _payload.Clear();
            DefinitionWriter.WriteName(_payload, _table.Id, name);
            _context.Transaction.Define(_database, kind, _payload.Written);
        }
    }

    private void Drop(DropElementAction action)
    {
        switch (action.Element)
        {
            case DroppedElement.Column:
                ColumnSchema column = ColumnForDrop(action.Name!);
                if (column.IsInPrimaryKey)
                    throw SqlErrors.NotSupportedYet("DROP of a primary key column").ToException();
                if (_outline.Columns.Count == 1)
                    throw SqlErrors.CannotRemoveAllColumns().ToException();
                WriteAlteration(new Alteration(_table.Id, LoggedAction.DropColumn) { Column = column.Id });
                _outline.Remove(action.Name!);
                _checks.DropColumn(column);
                break;
            case DroppedElement.Index:
                DropIndex(action.Name!);
                break;
            case DroppedElement.PrimaryKey:
                throw SqlErrors.NotSupportedYet("DROP PRIMARY KEY").ToException();
            case DroppedElement.ForeignKey:
                _keys.Drop(action.Name!);
                break;
            case DroppedElement.Check:
                _checks.Drop(action.Name!);
                break;
            case DroppedElement.Constraint:
                DropConstraint(action.Name!);
                break;
            default:
                throw SqlErrors.CannotDropFieldOrKey(action.Name ?? "").ToException();
        }
    }

    /// <summary>Drops what has the name among constraints and unique indexes; errors 3939 and 3940 where that is not one thing.</summary>
    private void DropConstraint(string name)
    {
        bool isKey = _keys.Has(name);
        bool isUnique = _outline.Indexes.TryGetValue(name, out LoggedIndex? index) && index.Kind == Catalog.IndexKind.Unique;
        if (name.Equals("PRIMARY", StringComparison.OrdinalIgnoreCase))
            throw SqlErrors.NotSupportedYet("DROP PRIMARY KEY").ToException();
        bool isCheck = _checks.Find(name) is not null;
        if ((isKey && isUnique) || (isCheck && (isKey || isUnique)))
            throw ConstraintErrors.SeveralConstraints(name).ToException();
        if (isKey)
            _keys.Drop(name);
        else if (isUnique)
            DropIndex(name);
        else if (isCheck)
            _checks.Drop(name);
        else
            throw ConstraintErrors.NoConstraint(name).ToException();
    }

    private ColumnSchema ColumnForDrop(string name)
    {
        int ordinal = _table.OrdinalOf(name);
        return ordinal >= 0 && _outline.Columns.ContainsKey(name)
            ? _table.Columns[ordinal] : throw SqlErrors.CannotDropFieldOrKey(name).ToException();
    }

    private void DropIndex(string name)
    {
        if (!_outline.Indexes.Remove(name))
            throw SqlErrors.CannotDropFieldOrKey(name).ToException();
        _payload.Clear();
        DefinitionWriter.WriteName(_payload, _table.Id, name);
        _context.Transaction.Define(_database, DefinitionKind.DropIndex, _payload.Written);
    }

    private void RenameIndex(RenameIndexAction action)
    {
        if (!_outline.Indexes.ContainsKey(action.OldName) || _table.FindIndex(action.OldName) is not { } index)
            throw SqlErrors.KeyDoesNotExist(action.OldName, _table.Name).ToException();
        if (_outline.Indexes.ContainsKey(action.NewName))
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
        var parts = new IndexColumn[index.Parts.Length];
        for (int i = 0; i < parts.Length; i++)
        {
            IndexPart part = index.Parts[i];
            parts[i] = new IndexColumn(_table.Columns[part.Ordinal].Id, part.PrefixLength, part.IsDescending);
        }

        LoggedIndex again = new()
        {
            Name = name,
            Kind = index.Kind,
            Columns = [.. parts],
            Comment = index.Comment,
            IsInvisible = isInvisible,
        };
        _outline.Indexes[name] = again;
        WriteIndex(again);
    }

    private void RenameTable(RenameTableAction action)
    {
        if (action.NewName.Name.Equals(_table.Name, StringComparison.Ordinal))
            return;
        string? schema = action.NewName.Schema ?? _context.Session.Schema;
        if (schema is not null && _context.Node.Transactions.Databases.TryGetValue(schema, out Hash256 other) && other != _database
            && action.NewName.Schema is not null)
        {
            throw SqlErrors.NotSupportedYet("RENAME TABLE to another database").ToException();
        }

        if (_schema.FindTable(action.NewName.Name) is { } there && there.Id != _table.Id)
            throw SqlErrors.TableExists(action.NewName.Name).ToException();
        DefinitionLimits.CheckTableName(action.NewName.Name);
        _payload.Clear();
        DefinitionWriter.WriteName(_payload, _table.Id, action.NewName.Name);
        _context.Transaction.Define(_database, DefinitionKind.RenameTable, _payload.Written);
        ConstraintRenames.OfTables(_context, _database, _schema, new Dictionary<TableId, string> { [_table.Id] = action.NewName.Name }, _keys, _checks);
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
                WriteOptions(_options with { Comment = options.Comment });
                break;
            case "ENGINE_ATTRIBUTE":
                MergeDeclaration.CheckTable(options.EngineAttribute);
                WriteOptions(_options with { EngineAttribute = options.EngineAttribute });
                break;
            case "CHARSET" or "CHARACTER SET" or "CHARACTER_SET" or "COLLATE":
                WriteOptions(_options with { Collation = options.Collation });
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
            SqlType type = column.Type.WithCollation(collation);
            WriteAlteration(new Alteration(_table.Id, LoggedAction.ModifyColumn)
            {
                Column = column.Id,
                Shape = column.Shape with { Type = type },
            });
            _outline.Columns[column.Name] = _outline.Columns[column.Name] with { Type = type };
        }

        WriteOptions(_options with { Collation = collation });
    }

    /// <summary>Logs the options, all of which are one register.</summary>
    private void WriteOptions(TableOptions options)
    {
        _options = options;
        WriteAlteration(new Alteration(_table.Id, LoggedAction.SetOptions) { Options = options });
    }

    private void WriteAlteration(Alteration alteration)
    {
        _payload.Clear();
        DefinitionWriter.WriteAlteration(_payload, alteration);
        _context.Transaction.Define(_database, DefinitionKind.AlterTable, _payload.Written);
    }
}
