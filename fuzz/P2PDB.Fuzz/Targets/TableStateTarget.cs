using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Catalog.Folding;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Time;

namespace P2PDB.Fuzz.Targets;

/// <summary>Input: the registers of a table, as the catalog's tree has them. What is read is written as the same bytes.</summary>
internal sealed class TableStateTarget : IFuzzTarget
{
    private static readonly ByteWriter Writer = new();

    public string Name => "table-state";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Catalog/Folding/TableStateReader.cs"];

    public int InputLengthMax => 16 * 1024;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            var created = new TableState(new TableId(7));
            ColumnDefinition column = new()
            {
                Id = CatalogIds.ColumnIdOf("a", 0),
                Name = "a",
                Generation = 0,
                Position = 9,
                Shape = new ColumnShape { Type = SqlType.VarChar(5), Default = DefaultValue.Literal("x") },
                Fill = [1, 0, 0, 0, 0],
            };
            IndexDefinition index = new() { Name = "i", Kind = IndexKind.Unique, Columns = [new IndexColumn(column.Id, 2)] };
            created.Create(Stamp(1), new TableDefinition
            {
                Id = created.Id,
                Name = "t",
                Generation = 0,
                Options = new TableOptions { Comment = "c" },
                AutoIncrementStart = 5,
                Columns = [column],
                PrimaryKey = [new IndexColumn(column.Id)],
                Indexes = [index],
            });
            yield return Write(created);

            created.Alter(Stamp(2), new Alteration(created.Id, AlterAction.ModifyColumn) { Column = column.Id, Shape = new() { Type = SqlType.VarChar(9), EngineAttribute = """{"merge":"max"}""" } });
            created.Alter(Stamp(3), new Alteration(created.Id, AlterAction.DropColumn) { Column = new ColumnId(3) });
            created.SetIndex(Stamp(4), "j", null);
            created.Rename(Stamp(5), "u");
            created.Drop(Stamp(6));
            yield return Write(created);

            ForeignKeyDefinition key = new()
            {
                Name = "k",
                Columns = [column.Id],
                Parent = new TableId(9),
                ParentName = "p",
                ParentColumns = [new ReferencedColumn(column.Id, "a")],
                OnDelete = ReferenceRule.Cascade,
            };
            created.SetForeignKey(Stamp(7), key.Name, key);
            created.SetForeignKey(Stamp(8), "l", null);
            yield return Write(created);

            CheckDefinition check = new() { Name = "c", Condition = "(`a` > 0)", Columns = [new ReferencedColumn(column.Id, "a")] };
            created.SetCheck(Stamp(9), check.Name, check);
            yield return Write(created);

            yield return Write(new TableState(new TableId(8)));

            var view = new TableState(new TableId(9));
            view.Create(Stamp(1), new ViewDefinition { Id = view.Id, Name = "v", Generation = 0, DefinerUser = "root", Columns = ["a", "b"], Query = "select 1" });
            yield return Write(view);
            view.SetCheck(Stamp(2), check.Name, check with { IsEnforced = false });
            yield return Write(view);
            view.SetForeignKey(Stamp(2), key.Name, key with { Parent = null, OwnIndex = "k" });
            yield return Write(view);
        }
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        bool isRead = TableStateReader.TryRead(input, out TableState table);
        probe.EndDecoding();
        if (!isRead)
            return false;
        probe.Reached(table.Columns.Count + (16 * table.Indexes.Count) + (64 * table.ForeignKeys.Count) + (128 * table.Checks.Count) + (table.IsView ? 1024 : 0));
        FuzzLaw.RequireSame(input, Write(table), "written as read");
        return true;
    }

    private static byte[] Write(TableState table)
    {
        Writer.Clear();
        TableStateWriter.Write(Writer, table);
        return Writer.Written.ToArray();
    }

    private static DefinitionStamp Stamp(ulong hlc) => new(new HlcTimestamp(hlc), default, default, 0);
}
