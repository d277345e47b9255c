using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Catalog.Folding;

/// <summary>
/// The fold of all definition operations of one database. An operation that does not decode, or that claims an id which is
/// not derived from its content, is refused: the entry that holds it is void.
/// </summary>
internal sealed class DatabaseState(Hash256 id)
{
    /// <summary>The database.</summary>
    public Hash256 Id { get; } = id;

    /// <summary>All tables that any operation named, by id.</summary>
    public SortedDictionary<TableId, TableState> Tables { get; } = [];

    /// <summary>The state of a table, made where there is none yet.</summary>
    public TableState TableOf(TableId table)
    {
        if (!Tables.TryGetValue(table, out TableState? state))
            Tables.Add(table, state = new TableState(table));
        return state;
    }

    /// <summary>True where an operation would be accepted in a database, whatever the database's state.</summary>
    public static bool IsValid(Hash256 database, DefinitionKind kind, ReadOnlySpan<byte> payload) =>
        TryRead(database, kind, payload, out _);

    /// <summary>Folds one operation in; false, and nothing changed, where it is not valid.</summary>
    public bool TryFold(
        DefinitionKind kind, ReadOnlySpan<byte> payload, in DefinitionStamp stamp, out TableState table)
    {
        table = null!;
        if (!TryRead(Id, kind, payload, out DefinitionOperation operation))
            return false;

        table = TableOf(operation.Table);
        switch (kind)
        {
            case DefinitionKind.CreateTable:
                table.Create(stamp, operation.Definition!);
                break;
            case DefinitionKind.AlterTable:
                table.Alter(stamp, operation.Alteration!);
                break;
            case DefinitionKind.DropTable:
                table.Drop(stamp);
                break;
            case DefinitionKind.CreateIndex:
                table.SetIndex(stamp, operation.Name, operation.Index);
                break;
            case DefinitionKind.DropIndex:
                table.SetIndex(stamp, operation.Name, null);
                break;
            case DefinitionKind.RenameTable:
                table.Rename(stamp, operation.Name);
                break;
            case DefinitionKind.Truncate:
                table.Truncate(stamp);
                break;
            case DefinitionKind.CreateView:
                table.Create(stamp, operation.View!);
                break;
            case DefinitionKind.CreateForeignKey or DefinitionKind.DropForeignKey:
                table.SetForeignKey(stamp, operation.Name, operation.ForeignKey);
                break;
            case DefinitionKind.CreateCheck or DefinitionKind.DropCheck:
                table.SetCheck(stamp, operation.Name, operation.Check);
                break;
        }

        return true;
    }

    private static bool TryRead(
        Hash256 database, DefinitionKind kind, ReadOnlySpan<byte> payload, out DefinitionOperation operation)
    {
        operation = default;
        switch (kind)
        {
            case DefinitionKind.CreateTable:
                if (!DefinitionReader.TryReadCreateTable(payload, out TableDefinition definition) || !HasOwnIds(database, definition)
                    || HasMergingKey(definition))
                {
                    return false;
                }

                operation = new DefinitionOperation(definition.Id) { Definition = definition };
                return true;
            case DefinitionKind.AlterTable:
                if (!DefinitionReader.TryReadAlteration(payload, out Alteration alteration)
                    || (alteration.Added is { } added && !HasOwnId(added)))
                {
                    return false;
                }

                operation = new DefinitionOperation(alteration.Table) { Alteration = alteration };
                return true;
            case DefinitionKind.CreateIndex:
                if (!DefinitionReader.TryReadCreateIndex(payload, out TableId indexed, out IndexDefinition index))
                    return false;
                operation = new DefinitionOperation(indexed) { Name = index.Name, Index = index };
                return true;
            case DefinitionKind.DropIndex or DefinitionKind.RenameTable or DefinitionKind.DropForeignKey or DefinitionKind.DropCheck:
                if (!DefinitionReader.TryReadName(payload, out TableId named, out string name))
                    return false;
                operation = new DefinitionOperation(named) { Name = name };
                return true;
            case DefinitionKind.DropTable or DefinitionKind.Truncate:
                if (!DefinitionReader.TryReadTable(payload, out TableId ended))
                    return false;
                operation = new DefinitionOperation(ended);
                return true;
            case DefinitionKind.CreateView:
                if (!DefinitionReader.TryReadCreateView(payload, out ViewDefinition view)
                    || view.Id != CatalogIds.ViewIdOf(database, view.Name, view.Generation))
                {
                    return false;
                }

                operation = new DefinitionOperation(view.Id) { View = view };
                return true;
            case DefinitionKind.CreateForeignKey:
                if (!ConstraintCodec.TryReadCreateForeignKey(payload, out TableId constrained, out ForeignKeyDefinition key))
                    return false;
                operation = new DefinitionOperation(constrained) { Name = key.Name, ForeignKey = key };
                return true;
            case DefinitionKind.CreateCheck:
                if (!ConstraintCodec.TryReadCreateCheck(payload, out TableId bounded, out CheckDefinition check))
                    return false;
                operation = new DefinitionOperation(bounded) { Name = check.Name, Check = check };
                return true;
            default:
                return false;
        }
    }

    private static bool HasOwnIds(Hash256 database, TableDefinition table)
    {
        foreach (ColumnDefinition column in table.Columns)
        {
            if (column.Generation != 0 || !HasOwnId(column))
                return false;
        }

        foreach (IndexColumn part in table.PrimaryKey)
        {
            bool isFound = false;
            foreach (ColumnDefinition column in table.Columns)
                isFound |= column.Id == part.Column;
            if (!isFound)
                return false;
        }

        return table.Id == CatalogIds.TableIdOf(
            database, table.Name, table.PrimaryKey.AsSpan(), table.Columns, table.Generation);
    }

    /// <summary>True where a column of the primary key names a policy: key columns never merge.</summary>
    private static bool HasMergingKey(TableDefinition table)
    {
        foreach (ColumnDefinition column in table.Columns)
        {
            if (column.Shape.EngineAttribute.Length == 0)
                continue;
            MergeAttribute.TryReadColumn(column.Shape.EngineAttribute, column.Shape.Type, out MergeAttribute attribute, out _, out _);
            foreach (IndexColumn part in table.PrimaryKey)
            {
                if (part.Column == column.Id && attribute.Policy is not null)
                    return true;
            }
        }

        return false;
    }

    private static bool HasOwnId(ColumnDefinition column) =>
        column.Id == CatalogIds.ColumnIdOf(column.Name, column.Generation);

    private readonly record struct DefinitionOperation(TableId Table)
    {
        public TableDefinition? Definition { get; init; }

        public ViewDefinition? View { get; init; }

        public Alteration? Alteration { get; init; }

        public IndexDefinition? Index { get; init; }

        public ForeignKeyDefinition? ForeignKey { get; init; }

        public CheckDefinition? Check { get; init; }

        public string Name { get; init; } = "";
    }
}
