// THE FOLD OF A TABLE'S DEFINITIONS
//
// Every definition operation sets registers; every register keeps the winner by a rule that does not ask for the order of
// arrival (Register). So the state is a function of the set of operations, and may be folded one by one as they come.
//
//   existence    CREATE: yes, DROP: no; the later stamp wins, so a table created apart and later than a drop stands
//   name         the last RENAME, else the name it was created with (part of its id, up to case)
//   floor        the last TRUNCATE or DROP: row operations up to that stamp have no effect
//   options      the last ALTER, else the last CREATE
//   counter      the largest AUTO_INCREMENT start
//   columns      per column id existence, name, shape, place and fill; columns of CREATE TABLEs run apart are united;
//                and every type the column ever had, for values that were stored under it
//   indexes      per lower name the last CREATE INDEX or DROP INDEX
//   foreign keys per lower name the last ADD or DROP
//   primary key  part of the id, so all CREATEs agree; its columns cannot be dropped
//   view         of a view, which is a table without columns and rows: the last OR REPLACE or ALTER, else the last CREATE. Ids of
//                views are derived apart from those of tables, so what an id names is never both
//
// INVARIANT: an operation that names a table or column nobody created yet is kept too: it may have come first.
using System.Collections.Immutable;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Catalog.Folding;

/// <summary>The registers of one table; see the prose above.</summary>
internal sealed class TableState(TableId id)
{
    /// <summary>True where the table exists.</summary>
    public Register<bool> Existence;

    /// <summary>Its name.</summary>
    public Register<string> Name;

    /// <summary>Collation, comment.</summary>
    public Register<TableOptions> Options;

    /// <summary>The definition, where it is a view.</summary>
    public Register<ViewDefinition?> View;

    /// <summary>Row operations up to this one have no effect.</summary>
    public DefinitionStamp Floor;

    /// <summary>The earliest CREATE: who is senior where two tables claim a name.</summary>
    public DefinitionStamp Created;

    /// <summary>The largest AUTO_INCREMENT = n.</summary>
    public ulong AutoIncrementStart;

    /// <summary>The primary key's columns; empty where there is none, or the table is not created yet.</summary>
    public ImmutableArray<IndexColumn> PrimaryKey = [];

    /// <summary>The table.</summary>
    public TableId Id { get; } = id;

    /// <summary>True once a CREATE was seen.</summary>
    public bool IsCreated => !Created.IsNone;

    /// <summary>True where it is a view.</summary>
    public bool IsView => View.Value is not null;

    /// <summary>True where SQL sees it.</summary>
    public bool IsAlive => IsCreated && Existence.Value;

    /// <summary>The columns, by id.</summary>
    public SortedDictionary<ColumnId, ColumnState> Columns { get; } = [];

    /// <summary>The indexes, by lower name.</summary>
    public SortedDictionary<string, NamedState<IndexDefinition>> Indexes { get; } = new(StringComparer.Ordinal);

    /// <summary>The foreign keys, by lower name.</summary>
    public SortedDictionary<string, NamedState<ForeignKeyDefinition>> ForeignKeys { get; } = new(StringComparer.Ordinal);

    /// <summary>When its present name was given: what decides between two claims.</summary>
    public DefinitionStamp NameStamp => Name.IsAltered ? Name.Stamp : Created;

    /// <summary>CREATE TABLE.</summary>
    public void Create(in DefinitionStamp stamp, TableDefinition table)
    {
        if (!IsCreated || stamp < Created)
            Created = stamp;
        PrimaryKey = table.PrimaryKey;
        Existence.Set(stamp, false, true);
        Name.Set(stamp, false, table.Name);
        Options.Set(stamp, false, table.Options);
        AutoIncrementStart = Math.Max(AutoIncrementStart, table.AutoIncrementStart);
        foreach (ColumnDefinition column in table.Columns)
            AddColumn(stamp, column);
        foreach (IndexDefinition index in table.Indexes)
            SetIndex(stamp, index.Name, index);
    }

    /// <summary>CREATE VIEW, CREATE OR REPLACE VIEW and ALTER VIEW.</summary>
    public void Create(in DefinitionStamp stamp, ViewDefinition view)
    {
        if (!IsCreated || stamp < Created)
            Created = stamp;
        Existence.Set(stamp, false, true);
        Name.Set(stamp, false, view.Name);
        View.Set(stamp, view.IsReplacement, view);
    }

    /// <summary>DROP TABLE.</summary>
    public void Drop(in DefinitionStamp stamp)
    {
        Existence.Set(stamp, false, false);
        Truncate(stamp);
    }

    /// <summary>TRUNCATE.</summary>
    public void Truncate(in DefinitionStamp stamp)
    {
        if (stamp > Floor)
            Floor = stamp;
    }

    /// <summary>RENAME TABLE.</summary>
    public void Rename(in DefinitionStamp stamp, string name) => Name.Set(stamp, true, name);

    /// <summary>ALTER TABLE, one action.</summary>
    public void Alter(in DefinitionStamp stamp, Alteration alteration)
    {
        switch (alteration.Action)
        {
            case AlterAction.AddColumn:
                AddColumn(stamp, alteration.Added!);
                break;
            case AlterAction.DropColumn:
                ColumnOf(alteration.Column).Existence.Set(stamp, false, false);
                break;
            case AlterAction.RenameColumn:
                ColumnOf(alteration.Column).Name.Set(stamp, true, alteration.Name);
                break;
            case AlterAction.ModifyColumn:
                ColumnOf(alteration.Column).Shape.Set(stamp, true, alteration.Shape!);
                ColumnOf(alteration.Column).Types.Add(stamp, true, alteration.Shape!.Type);
                break;
            case AlterAction.MoveColumn:
                ColumnOf(alteration.Column).Position.Set(stamp, true, alteration.Number);
                break;
            case AlterAction.SetAutoIncrement:
                AutoIncrementStart = Math.Max(AutoIncrementStart, alteration.Number);
                break;
            case AlterAction.SetOptions:
                Options.Set(stamp, true, alteration.Options!);
                break;
        }
    }

    /// <summary>CREATE INDEX, or DROP INDEX where the definition is null.</summary>
    public void SetIndex(in DefinitionStamp stamp, string name, IndexDefinition? definition) =>
        NamedState<IndexDefinition>.Set(Indexes, stamp, name, definition);

    /// <summary>A foreign key, or its end where the definition is null.</summary>
    public void SetForeignKey(in DefinitionStamp stamp, string name, ForeignKeyDefinition? definition) =>
        NamedState<ForeignKeyDefinition>.Set(ForeignKeys, stamp, name, definition);

    private void AddColumn(in DefinitionStamp stamp, ColumnDefinition definition)
    {
        ColumnState column = ColumnOf(definition.Id);
        StoredColumn form = LayoutFactory.FormOf(definition.Id, definition.Shape.Type);
        column.Existence.Set(stamp, false, true);
        column.Name.Set(stamp, false, definition.Name);
        column.Shape.Set(stamp, false, definition.Shape);
        column.CreatedShape.Set(stamp, false, definition.Shape);
        column.Types.Add(stamp, false, definition.Shape.Type);
        column.Position.Set(stamp, false, definition.Position);
        column.Fill.Set(stamp, false, new ColumnFill(form.Code, form.Scale, definition.Fill));
    }

    private ColumnState ColumnOf(ColumnId id)
    {
        if (!Columns.TryGetValue(id, out ColumnState? column))
            Columns.Add(id, column = new ColumnState(id));
        return column;
    }
}
