using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Fuzz.Targets;

/// <summary>Input: the kind of a definition operation, then its payload. What is read and written again is the same bytes.</summary>
internal sealed class DefinitionTarget : IFuzzTarget
{
    private static readonly ByteWriter Writer = new();

    public string Name => "definition";

    public IReadOnlyList<string> Decoder =>
    [
        "P2PDB.Engine/Catalog/Definitions/DefinitionReader.cs", "P2PDB.Engine/Catalog/Definitions/ConstraintCodec.cs",
        "P2PDB.Engine/Types/MemberList.cs",
    ];

    public int InputLengthMax => 16 * 1024;

    // The names of a view's columns become texts: 32 bytes and a reference for a name that has two.
    public int AllocationFactor => 24;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            TableId table = new(7);
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
            yield return Seed(DefinitionKind.CreateTable, () => DefinitionWriter.WriteCreateTable(Writer, new TableDefinition
            {
                Id = table,
                Name = "t",
                Generation = 0,
                Options = new TableOptions(),
                Columns = [column],
                PrimaryKey = [new IndexColumn(column.Id)],
                Indexes = [index],
            }));
            // As many short elements as there can be: of an ENUM, columns, and indexes.
            MemberList members = new([.. Enumerable.Repeat("", 500), .. Enumerable.Repeat("m", 500)]);
            yield return Seed(DefinitionKind.AlterTable, () => DefinitionWriter.WriteAlteration(
                Writer, new Alteration(table, AlterAction.ModifyColumn) { Shape = new ColumnShape { Type = new(SqlTypeKind.Enum, members: members) } }));
            yield return Seed(DefinitionKind.CreateTable, () => DefinitionWriter.WriteCreateTable(Writer, new TableDefinition
            {
                Id = table,
                Name = "t",
                Generation = 0,
                Options = new TableOptions(),
                Columns = [.. Enumerable.Range(1, 100).Select(i => column with { Id = new((ulong)i), Shape = new() { Type = new(SqlTypeKind.TinyInt) }, Fill = [1, 0] })],
                PrimaryKey = [],
                Indexes = [.. Enumerable.Range(1, 200).Select(i => index with { Name = $"{i:X}" })],
            }));
            yield return Seed(DefinitionKind.AlterTable, () => DefinitionWriter.WriteAlteration(
                Writer, new Alteration(table, AlterAction.AddColumn) { Added = column }));
            yield return Seed(DefinitionKind.AlterTable, () => DefinitionWriter.WriteAlteration(
                Writer, new Alteration(table, AlterAction.ModifyColumn) { Column = column.Id, Shape = column.Shape }));
            yield return Seed(DefinitionKind.AlterTable, () => DefinitionWriter.WriteAlteration(Writer, new Alteration(table, AlterAction.ModifyColumn)
            {
                Column = column.Id,
                Shape = column.Shape with { Comment = "c", EngineAttribute = """{"merge":"max"}""" },
            }));
            yield return Seed(DefinitionKind.AlterTable, () => DefinitionWriter.WriteAlteration(Writer, new Alteration(table, AlterAction.SetOptions)
            {
                Options = new TableOptions { EngineAttribute = """{"merge":"counter","grow":true,"min":0}""" },
            }));
            yield return Seed(DefinitionKind.CreateIndex, () => DefinitionWriter.WriteCreateIndex(Writer, table, index));
            yield return Seed(DefinitionKind.RenameTable, () => DefinitionWriter.WriteName(Writer, table, "u"));
            yield return Seed(DefinitionKind.CreateView, () => DefinitionWriter.WriteCreateView(Writer, new ViewDefinition
            {
                Id = table,
                Name = "v",
                Generation = 0,
                DefinerUser = "root",
                Columns = [.. Enumerable.Repeat("a", 500)],
                Query = "select 1",
            }));
            yield return Seed(DefinitionKind.CreateView, () => DefinitionWriter.WriteCreateView(Writer, new ViewDefinition
            {
                Id = table,
                Name = "v",
                Generation = 1,
                IsReplacement = true,
                Algorithm = ViewAlgorithm.TempTable,
                Check = ViewCheck.Local,
                DefinerUser = "root",
                Columns = ["a", "b"],
                Query = "select 1 AS `a`,2 AS `b`",
            }));
            ForeignKeyDefinition key = new()
            {
                Name = "k",
                Columns = [column.Id, new ColumnId(9)],
                Parent = new TableId(8),
                ParentName = "p",
                ParentColumns = [new ReferencedColumn(column.Id, "a"), new ReferencedColumn(new ColumnId(9), "b")],
                OnDelete = ReferenceRule.SetNull,
                OnUpdate = ReferenceRule.Cascade,
            };
            yield return Seed(DefinitionKind.CreateForeignKey, () => ConstraintCodec.WriteCreateForeignKey(Writer, table, key));
            yield return Seed(DefinitionKind.CreateForeignKey, () => ConstraintCodec.WriteCreateForeignKey(
                Writer, table, key with { Parent = null, OwnIndex = "k" }));
            CheckDefinition check = new()
            {
                Name = "c",
                Condition = "(`a` > 0)",
                Columns = [new ReferencedColumn(new ColumnId(1), "a"), new ReferencedColumn(new ColumnId(2), "b")],
            };
            yield return Seed(DefinitionKind.CreateCheck, () => ConstraintCodec.WriteCreateCheck(Writer, table, check));
            yield return Seed(DefinitionKind.CreateCheck, () => ConstraintCodec.WriteCreateCheck(Writer, table, check with { IsEnforced = false, Columns = [] }));
            yield return Seed(DefinitionKind.DropCheck, () => DefinitionWriter.WriteName(Writer, table, "c"));
            yield return Seed(DefinitionKind.DropForeignKey, () => DefinitionWriter.WriteName(Writer, table, "k"));
            yield return Seed(DefinitionKind.Truncate, () => DefinitionWriter.WriteTable(Writer, table));
        }
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;
        DefinitionKind kind = (DefinitionKind)input[0];
        ReadOnlySpan<byte> payload = input[1..];
        Writer.Clear();
        if (!TryCopy(kind, payload, probe))
            return false;
        probe.Reached((int)kind);
        FuzzLaw.RequireSame(payload, Writer.Written, "written as read");
        return true;
    }

    private static bool TryCopy(DefinitionKind kind, ReadOnlySpan<byte> payload, FuzzProbe probe)
    {
        switch (kind)
        {
            case DefinitionKind.CreateTable:
                if (!DefinitionReader.TryReadCreateTable(payload, out TableDefinition table))
                    return false;
                probe.EndDecoding();
                DefinitionWriter.WriteCreateTable(Writer, table);
                return true;
            case DefinitionKind.AlterTable:
                if (!DefinitionReader.TryReadAlteration(payload, out Alteration alteration))
                    return false;
                probe.EndDecoding();
                probe.Reached(64 + (int)alteration.Action);
                DefinitionWriter.WriteAlteration(Writer, alteration);
                return true;
            case DefinitionKind.CreateIndex:
                if (!DefinitionReader.TryReadCreateIndex(payload, out TableId indexed, out IndexDefinition index))
                    return false;
                probe.EndDecoding();
                DefinitionWriter.WriteCreateIndex(Writer, indexed, index);
                return true;
            case DefinitionKind.DropIndex or DefinitionKind.RenameTable or DefinitionKind.DropForeignKey or DefinitionKind.DropCheck:
                if (!DefinitionReader.TryReadName(payload, out TableId named, out string name))
                    return false;
                probe.EndDecoding();
                DefinitionWriter.WriteName(Writer, named, name);
                return true;
            case DefinitionKind.CreateView:
                if (!DefinitionReader.TryReadCreateView(payload, out ViewDefinition view))
                    return false;
                probe.EndDecoding();
                DefinitionWriter.WriteCreateView(Writer, view);
                return true;
            case DefinitionKind.CreateForeignKey:
                if (!ConstraintCodec.TryReadCreateForeignKey(payload, out TableId constrained, out ForeignKeyDefinition key))
                    return false;
                probe.EndDecoding();
                ConstraintCodec.WriteCreateForeignKey(Writer, constrained, key);
                return true;
            case DefinitionKind.CreateCheck:
                if (!ConstraintCodec.TryReadCreateCheck(payload, out TableId bounded, out CheckDefinition check))
                    return false;
                probe.EndDecoding();
                ConstraintCodec.WriteCreateCheck(Writer, bounded, check);
                return true;
            case DefinitionKind.DropTable or DefinitionKind.Truncate:
                if (!DefinitionReader.TryReadTable(payload, out TableId id))
                    return false;
                DefinitionWriter.WriteTable(Writer, id);
                return true;
            default:
                return false;
        }
    }

    private static byte[] Seed(DefinitionKind kind, Action write)
    {
        Writer.Clear();
        write();
        return [(byte)kind, .. Writer.Written];
    }
}
