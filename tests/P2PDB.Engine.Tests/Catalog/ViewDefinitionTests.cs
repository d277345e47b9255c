using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Catalog.Folding;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Tests.Log;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Tests.Catalog;

public class ViewDefinitionTests
{
    private static readonly Hash256 Database = Blake3.Hash("database"u8);

    [Fact]
    public void The_operation_has_its_golden_bytes_and_reads_back()
    {
        using ByteWriter written = new();
        DefinitionWriter.WriteCreateView(written, View("v") with
        {
            IsReplacement = true,
            IsInvoker = true,
            HasColumnList = true,
            Algorithm = ViewAlgorithm.Merge,
            Check = ViewCheck.Cascaded,
            DefinerUser = "root",
            DefinerHost = "%",
            CharacterSet = "utf8mb4",
            Collation = "utf8mb4_0900_ai_ci",
        });

        GoldenBytes.Check("create-view-v1.hex", written.Written);
        Assert.True(DefinitionReader.TryReadCreateView(written.Written, out ViewDefinition read));
        using ByteWriter again = new();
        DefinitionWriter.WriteCreateView(again, read);
        Assert.Equal(written.Written.ToArray(), again.Written.ToArray());
        for (int length = 0; length < written.Length; length++)
            Assert.False(DefinitionReader.TryReadCreateView(written.Written[..length], out _));
    }

    [Fact]
    public void A_view_that_claims_an_id_not_its_own_is_refused()
    {
        using ByteWriter payload = new();
        DefinitionWriter.WriteCreateView(payload, View("v") with { Name = "w" });
        DatabaseState state = new(Database);

        Assert.False(state.TryFold(DefinitionKind.CreateView, payload.Written, Stamp(1), out _));
        Assert.Empty(state.Tables);
    }

    [Fact]
    public void A_replacement_wins_over_a_creation_apart_and_later()
    {
        ViewDefinition created = View("v");
        ViewDefinition replaced = created with { IsReplacement = true, Query = "select 2 AS `a`" };
        TableState first = new(created.Id);
        TableState second = new(created.Id);

        first.Create(Stamp(1), created);
        first.Create(Stamp(2), replaced);
        first.Create(Stamp(3), created);
        second.Create(Stamp(3), created);
        second.Create(Stamp(2), replaced);
        second.Create(Stamp(1), created);

        Assert.Equal(replaced.Query, first.View.Value!.Query);
        Assert.Equal(StateOf(first), StateOf(second));
    }

    [Fact]
    public void The_senior_of_a_table_and_a_view_keeps_the_name()
    {
        DatabaseState state = new(Database);
        ViewDefinition view = View("x");
        TableDefinition table = new()
        {
            Id = CatalogIds.TableIdOf(Database, "X", [], [], 0),
            Name = "X",
            Generation = 0,
            Options = new TableOptions(),
            Columns = [],
            PrimaryKey = [],
        };
        state.TableOf(table.Id).Create(Stamp(2), table);
        state.TableOf(view.Id).Create(Stamp(1), view);

        Dictionary<TableId, string> names = SchemaBuilder.NameTables(state, []);

        Assert.Equal("x", names[view.Id]);
        Assert.Equal($"X~{table.Id.ToString()[..6]}", names[table.Id]);
    }

    private static byte[] StateOf(TableState state)
    {
        using ByteWriter written = new();
        TableStateWriter.Write(written, state);
        return written.Written.ToArray();
    }

    private static ViewDefinition View(string name) => new()
    {
        Id = CatalogIds.ViewIdOf(Database, name, 0),
        Name = name,
        Generation = 0,
        Columns = ["a"],
        Query = "select 1 AS `a`",
    };

    private static DefinitionStamp Stamp(ulong hlc) => new(new HlcTimestamp(hlc), default, default, 0);
}
