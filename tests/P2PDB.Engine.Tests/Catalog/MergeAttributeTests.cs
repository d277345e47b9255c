using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Catalog.Folding;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Tests.Log;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Tests.Catalog;

public class MergeAttributeTests
{
    private static readonly string[] ColumnNames = ["id", "v", "w"];

    private static readonly Hash256 Database = Blake3.Hash("database"u8);

    [Theory]
    [InlineData("", null)]
    [InlineData("{}", null)]
    [InlineData(""" { "merge" : "lww" } """, MergePolicy.LastWriter)]
    [InlineData("""{"merge":"fww"}""", MergePolicy.FirstWriter)]
    [InlineData("""{"merge":"max"}""", MergePolicy.Max)]
    [InlineData("""{"merge":"min"}""", MergePolicy.Min)]
    [InlineData("""{"merge":"counter"}""", MergePolicy.Counter)]
    [InlineData("""{"merge":"set"}""", MergePolicy.Set)]
    [InlineData("""{"merge":"text"}""", MergePolicy.Text)]
    [InlineData("""{"merge":"mv"}""", MergePolicy.MultiValue)]
    [InlineData("""{"merge":"row"}""", MergePolicy.Row)]
    public void A_table_names_a_policy(string text, object? policy)
    {
        Assert.True(MergeAttribute.TryReadTable(text, out MergeAttribute attribute, out string reason, out _));
        Assert.Equal(policy, attribute.Policy);
        Assert.False(attribute.IsAppend);
        Assert.Equal("", reason);
    }

    [Fact]
    public void A_table_of_rows_that_stay_says_so()
    {
        Assert.True(MergeAttribute.TryReadTable("""{"merge":"append"}""", out MergeAttribute attribute, out _, out _));
        Assert.True(attribute is { IsAppend: true, Policy: null, Name: "append" });
        Assert.True(Schema(Table("""{"merge":"append"}""", _ => "")).IsAppend);
    }

    [Fact]
    public void A_counter_may_grow_only_and_have_a_least_value()
    {
        Assert.True(MergeAttribute.TryReadColumn(
            """{"merge":"counter","grow":true,"min":0}""", SqlType.Int, out MergeAttribute attribute, out _, out _));
        Assert.True(attribute is { Policy: MergePolicy.Counter, IsGrowing: true, IsBounded: true });
    }

    [Theory]
    [InlineData("{", "Missing a name for object member.", 1)]
    [InlineData("""{"merge":max}""", "Invalid value.", 9)]
    [InlineData("""{"merge":"max"} {}""", "The document root must not be followed by other values.", 16)]
    [InlineData("[]", "not a JSON object", 0)]
    [InlineData("null", "not a JSON object", 0)]
    [InlineData("""{"merge":"best"}""", "unknown merge policy 'best'", 0)]
    [InlineData("""{"merge":"MAX"}""", "unknown merge policy 'MAX'", 0)]
    [InlineData("""{"merge":2}""", "wrong value of member 'merge'", 0)]
    [InlineData("""{"merger":"max"}""", "unknown member 'merger'", 0)]
    [InlineData("""{"merge":"max","grow":true}""", "'grow' and 'min' are for merge policy 'counter'", 0)]
    [InlineData("""{"min":0}""", "'grow' and 'min' are for merge policy 'counter'", 0)]
    [InlineData("""{"merge":"counter","grow":1}""", "wrong value of member 'grow'", 0)]
    [InlineData("""{"merge":"counter","min":1}""", "wrong value of member 'min'", 0)]
    [InlineData("""{"merge":"append"}""", "unknown merge policy 'append'", 0)]
    public void What_a_column_cannot_say_has_a_reason_and_a_place(string text, string reason, int position)
    {
        Assert.False(MergeAttribute.TryReadColumn(text, SqlType.Int, out _, out string given, out int at));
        Assert.Equal((reason, position), (given, at));
    }

    [Fact]
    public void An_attribute_has_a_longest_length()
    {
        string text = "{" + new string(' ', MergeAttribute.LengthMax - 2) + "}";

        Assert.True(MergeAttribute.TryReadTable(text, out _, out _, out _));
        Assert.False(MergeAttribute.TryReadTable(text + " ", out _, out string reason, out _));
        Assert.Equal("longer than 1024 characters", reason);
    }

    [Theory]
    [InlineData("counter", "INT YES, DECIMAL YES, VARCHAR NO, TEXT NO, BLOB NO, DATE NO, SET NO, JSON NO, DOUBLE NO")]
    [InlineData("set", "INT NO, DECIMAL NO, VARCHAR NO, TEXT NO, BLOB NO, DATE NO, SET YES, JSON YES, DOUBLE NO")]
    [InlineData("text", "INT NO, DECIMAL NO, VARCHAR YES, TEXT YES, BLOB NO, DATE NO, SET NO, JSON NO, DOUBLE NO")]
    [InlineData("max", "INT YES, DECIMAL YES, VARCHAR YES, TEXT YES, BLOB YES, DATE YES, SET YES, JSON NO, DOUBLE YES")]
    [InlineData("min", "INT YES, DECIMAL YES, VARCHAR YES, TEXT YES, BLOB YES, DATE YES, SET YES, JSON NO, DOUBLE YES")]
    [InlineData("mv", "INT YES, DECIMAL YES, VARCHAR YES, TEXT YES, BLOB YES, DATE YES, SET YES, JSON YES, DOUBLE YES")]
    public void A_policy_fits_some_types(string policy, string expected)
    {
        (string Name, SqlType Type)[] types =
        [
            ("INT", SqlType.Int), ("DECIMAL", SqlType.Decimal(8, 2)), ("VARCHAR", SqlType.VarChar(9)), ("TEXT", SqlType.LongText()),
            ("BLOB", new SqlType(SqlTypeKind.Blob)), ("DATE", new SqlType(SqlTypeKind.Date)),
            ("SET", new SqlType(SqlTypeKind.Set, members: new MemberList(["a"]))), ("JSON", new SqlType(SqlTypeKind.Json)),
            ("DOUBLE", new SqlType(SqlTypeKind.Double)),
        ];

        Assert.Equal(expected, string.Join(", ", types.Select(type =>
            type.Name + (MergeAttribute.TryReadColumn($$"""{"merge":"{{policy}}"}""", type.Type, out _, out _, out _) ? " YES" : " NO"))));
    }

    [Fact]
    public void A_column_with_a_policy_has_its_golden_bytes_and_reads_back()
    {
        Alteration alteration = Modify("""{"merge":"max"}""");
        using ByteWriter written = new();
        DefinitionWriter.WriteAlteration(written, alteration);

        GoldenBytes.Check("modify-column-merge-v1.hex", written.Written);
        Assert.True(DefinitionReader.TryReadAlteration(written.Written, out Alteration read));
        Assert.Equal(alteration, read);
        for (int length = 0; length < written.Length; length++)
            Assert.False(DefinitionReader.TryReadAlteration(written.Written[..length], out _));
    }

    [Theory]
    [InlineData("""{"merge":"max"}""", true)]
    [InlineData("""{"merge":"mv"}""", true)]
    [InlineData("""{"merge":"best"}""", false)]
    [InlineData("""{"merge":"text"}""", false)]
    [InlineData("""{"merge":"append"}""", false)]
    [InlineData("{", false)]
    public void An_entry_that_says_what_no_column_can_say_is_void(string attribute, bool isValid)
    {
        using ByteWriter written = new();
        DefinitionWriter.WriteAlteration(written, Modify(attribute));

        Assert.Equal(isValid, DatabaseState.IsValid(Database, DefinitionKind.AlterTable, written.Written));
    }

    [Theory]
    [InlineData("""{"merge":"append"}""", true)]
    [InlineData("""{"merge":"text"}""", true)]
    [InlineData("", true)]
    [InlineData("""{"merge":"best"}""", false)]
    [InlineData("words", false)]
    public void An_entry_that_says_what_no_table_can_say_is_void(string attribute, bool isValid)
    {
        using ByteWriter written = new();
        DefinitionWriter.WriteAlteration(written, new Alteration(new TableId(9), AlterAction.SetOptions)
        {
            Options = new TableOptions { EngineAttribute = attribute },
        });

        Assert.Equal(isValid, DatabaseState.IsValid(Database, DefinitionKind.AlterTable, written.Written));
    }

    [Theory]
    [InlineData("id", false)]
    [InlineData("v", true)]
    public void A_table_whose_key_names_a_policy_is_void(string merging, bool isValid)
    {
        using ByteWriter written = new();
        DefinitionWriter.WriteCreateTable(written, Table("", column => column == merging ? """{"merge":"max"}""" : ""));

        Assert.Equal(isValid, DatabaseState.IsValid(Database, DefinitionKind.CreateTable, written.Written));
    }

    [Theory]
    [InlineData("""{"merge":"counter"}""", MergePolicy.Counter)]
    [InlineData("""{"merge":"counter","grow":true}""", MergePolicy.GrowingCounter)]
    [InlineData("""{"merge":"counter","min":0}""", MergePolicy.BoundedCounter)]
    [InlineData("""{"merge":"counter","grow":true,"min":0}""", MergePolicy.GrowingCounter)]
    public void Bounds_of_a_counter_are_a_policy_of_their_own(string attribute, object policy) =>
        Assert.Equal(policy, Schema(Table(attribute, _ => "")).Columns[1].Merge);

    [Fact]
    public void Policies_that_do_not_fit_a_type_count_as_none_and_are_kept()
    {
        TableSchema table = Schema(Table("""{"merge":"set"}""", column => column == "v" ? """{"merge":"text"}""" : ""));

        Assert.All(table.Columns, column => Assert.Equal(MergePolicy.LastWriter, column.Merge));
        Assert.Equal("""
            CREATE TABLE `t` (
              `id` int NOT NULL,
              `v` int DEFAULT NULL /*!80021 ENGINE_ATTRIBUTE '{"merge":"text"}' */,
              `w` int DEFAULT NULL,
              PRIMARY KEY (`id`)
            ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci /*!80021 ENGINE_ATTRIBUTE='{"merge":"set"}' */
            """.ReplaceLineEndings("\n"), ShowCreateTable.Of(table, []));
    }

    private static Alteration Modify(string attribute) => new(new TableId(9), AlterAction.ModifyColumn)
    {
        Column = new ColumnId(1),
        Shape = new ColumnShape { Type = SqlType.Int, Comment = "c", EngineAttribute = attribute },
    };

    private static TableDefinition Table(string attribute, Func<string, string> attributeOf)
    {
        ColumnDefinition[] columns = Array.ConvertAll(ColumnNames, name =>
        {
            SqlType type = SqlType.Int;
            using ByteWriter fill = new();
            new RowImageWriter(LayoutFactory.Create(type), fill).Finish();
            return new ColumnDefinition
            {
                Id = CatalogIds.ColumnIdOf(name, 0),
                Name = name,
                Generation = 0,
                Position = ColumnPlace.OfIndex(name[0] - 'a'),
                Shape = new ColumnShape { Type = type, IsNullable = name != "id", EngineAttribute = attributeOf(name) },
                Fill = fill.Written.ToArray(),
            };
        });
        IndexColumn[] key = [new IndexColumn(columns[0].Id)];
        return new TableDefinition
        {
            Id = CatalogIds.TableIdOf(Database, "t", key, columns, 0),
            Name = "t",
            Generation = 0,
            Options = new TableOptions { EngineAttribute = attribute },
            Columns = [.. columns],
            PrimaryKey = [.. key],
        };
    }

    private static TableSchema Schema(TableDefinition definition)
    {
        TableState state = new(definition.Id);
        state.Create(new DefinitionStamp(new HlcTimestamp(1), default, default, 0), definition);
        return SchemaBuilder.BuildTable(state, new TablePlace(new TreeId(2)), definition.Name, 1);
    }
}
