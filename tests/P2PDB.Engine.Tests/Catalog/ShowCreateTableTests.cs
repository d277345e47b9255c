using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Catalog.Folding;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Tests.Catalog;

public class ShowCreateTableTests
{
    private static readonly Hash256 Database = Blake3.Hash("database"u8);

    [Fact]
    public void The_text_is_that_of_MySQL_8_4()
    {
        TableSchema table = Build(
            Column("id", new ColumnShape { Type = SqlType.Int, IsNullable = false, IsAutoIncrement = true }),
            Column("name", new ColumnShape { Type = SqlType.VarChar(20), Default = DefaultValue.Literal("it's") }),
            Column("bio", new ColumnShape { Type = SqlType.LongText() }),
            Column("price", new ColumnShape
            {
                Type = SqlType.Decimal(8, 2),
                IsNullable = false,
                Default = DefaultValue.Literal("0.00"),
                Comment = "net",
            }),
            Column("at", new ColumnShape
            {
                Type = SqlType.Timestamp(3),
                Default = DefaultValue.CurrentTimestamp,
                IsUpdatedToNow = true,
            }),
            Column("tag", new ColumnShape { Type = SqlType.Char(3, Collation.Utf8Mb4Bin), IsNullable = false }));

        Assert.Equal("""
            CREATE TABLE `a``b` (
              `id` int NOT NULL AUTO_INCREMENT,
              `name` varchar(20) DEFAULT 'it''s',
              `bio` longtext,
              `price` decimal(8,2) NOT NULL DEFAULT '0.00' COMMENT 'net',
              `at` timestamp(3) NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
              `tag` char(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
              PRIMARY KEY (`id`),
              UNIQUE KEY `u` (`tag`),
              KEY `k` (`name`(5),`price` DESC)
            ) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci COMMENT='goods'
            """.ReplaceLineEndings("\n"), ShowCreateTable.Of(table, []));
    }

    [Fact]
    public void Definitions_are_read_back_as_written()
    {
        TableDefinition table = Definition(
            Column("id", new ColumnShape { Type = SqlType.Int, IsNullable = false }),
            Column("name", new ColumnShape { Type = SqlType.VarChar(20), Default = DefaultValue.Literal("x") }),
            Column("tag", new ColumnShape { Type = SqlType.VarBinary(4) }),
            Column("price", new ColumnShape { Type = SqlType.Decimal(30, 9) }));
        using ByteWriter first = new();
        DefinitionWriter.WriteCreateTable(first, table);

        Assert.True(DefinitionReader.TryReadCreateTable(first.Written, out TableDefinition read));
        using ByteWriter second = new();
        DefinitionWriter.WriteCreateTable(second, read);
        Assert.Equal(first.Written.ToArray(), second.Written.ToArray());
        for (int length = 0; length < first.Length; length++)
            Assert.False(DefinitionReader.TryReadCreateTable(first.Written[..length], out _));
    }

    [Fact]
    public void A_table_that_claims_an_id_not_its_own_is_refused()
    {
        TableDefinition table = Definition(
            Column("id", new ColumnShape { Type = SqlType.Int, IsNullable = false }),
            Column("name", new ColumnShape { Type = SqlType.Int }),
            Column("tag", new ColumnShape { Type = SqlType.Int }),
            Column("price", new ColumnShape { Type = SqlType.Int }));
        using ByteWriter payload = new();
        DefinitionWriter.WriteCreateTable(payload, table with { Name = "other" });
        DatabaseState state = new(Database);

        Assert.False(state.TryFold(DefinitionKind.CreateTable, payload.Written, Stamp(1), out _));
        Assert.Empty(state.Tables);
    }

    [Fact]
    public void Peers_who_create_a_table_apart_get_one_with_the_union_of_columns()
    {
        ColumnDefinition id = Column("id", new ColumnShape { Type = SqlType.Int, IsNullable = false });
        ColumnDefinition tag = Column("tag", new ColumnShape { Type = SqlType.Int });
        ColumnDefinition name = Column("name", new ColumnShape { Type = SqlType.Int });
        ColumnDefinition price = Column("price", new ColumnShape { Type = SqlType.Int });
        TableDefinition left = Definition(id, name, tag, price);
        TableDefinition right = Definition(id, name, Column("TAG", tag.Shape), price, Column("extra", tag.Shape));
        TableState state = new(left.Id);

        state.Create(Stamp(2), right);
        state.Create(Stamp(1), left);

        Assert.Equal(left.Id, right.Id);
        TableSchema schema = SchemaBuilder.BuildTable(state, new TablePlace(new TreeId(2)), "t", 1);
        Assert.Equal(["id", "name", "TAG", "price", "extra"], schema.Columns.Select(column => column.Name));
    }

    private static TableSchema Build(params ColumnDefinition[] columns)
    {
        TableDefinition definition = Definition(columns);
        TableState state = new(definition.Id);
        state.Create(Stamp(1), definition);
        TableSchema table = SchemaBuilder.BuildTable(state, new TablePlace(new TreeId(2)), definition.Name, 1);
        table.AutoIncrement.Observe(6);
        return table;
    }

    private static TableDefinition Definition(params ColumnDefinition[] columns)
    {
        ColumnDefinition[] placed =
            [.. columns.Select((column, index) => column with { Position = ColumnPlace.OfIndex(index) })];
        IndexColumn[] key = [new IndexColumn(CatalogIds.ColumnIdOf("id", 0))];
        return new TableDefinition
        {
            Id = CatalogIds.TableIdOf(Database, "a`b", key, placed, 0),
            Name = "a`b",
            Generation = 0,
            Options = new TableOptions { Comment = "goods" },
            Columns = [.. placed],
            PrimaryKey = [.. key],
            Indexes =
            [
                new IndexDefinition
                {
                    Name = "k",
                    Kind = IndexKind.Plain,
                    Columns =
                    [
                        new IndexColumn(CatalogIds.ColumnIdOf("name", 0), 5),
                        new IndexColumn(CatalogIds.ColumnIdOf("price", 0), 0, IsDescending: true),
                    ],
                },
                new IndexDefinition
                {
                    Name = "u",
                    Kind = IndexKind.Unique,
                    Columns = [new IndexColumn(CatalogIds.ColumnIdOf("tag", 0))],
                },
            ],
        };
    }

    private static ColumnDefinition Column(string name, ColumnShape shape)
    {
        using ByteWriter fill = new();
        new RowImageWriter(LayoutFactory.Create(shape.Type), fill).Finish();
        return new ColumnDefinition
        {
            Id = CatalogIds.ColumnIdOf(name, 0),
            Name = name,
            Generation = 0,
            Position = 0,
            Shape = shape,
            Fill = fill.Written.ToArray(),
        };
    }

    private static DefinitionStamp Stamp(ulong hlc) => new(new HlcTimestamp(hlc), default, default, 0);
}
