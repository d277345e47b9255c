using System.Collections.Immutable;
using P2PDB.Engine.Catalog.Conversions;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Catalog.Folding;

/// <summary>
/// Makes immutable schemas of folded registers. What registers alone cannot settle is settled here, by rules that only look
/// at registers: two claims to one name, indexes over columns that are gone, key columns that were dropped or changed.
/// </summary>
internal static class SchemaBuilder
{
    /// <summary>One version of a table, under the name it is to be shown with.</summary>
    public static TableSchema BuildTable(
        TableState state, TablePlace place, string shownName, long version, List<SetAsideName>? setAside = null)
    {
        ImmutableArray<ColumnSchema> columns = BuildColumns(state, shownName, setAside);
        var forms = new StoredColumn[columns.Length];
        for (int i = 0; i < forms.Length; i++)
            forms[i] = LayoutFactory.FormOf(columns[i].Id, columns[i].Type);
        int layout = place.Layouts.IndexOf(forms);
        if (layout < 0)
            layout = place.Layouts.Add(forms);

        ImmutableArray<IndexPart> keyParts = PartsOf(state.PrimaryKey, columns);
        foreach (IndexPart part in keyParts)
            columns[part.Ordinal].IsInPrimaryKey = true;
        return new TableSchema(columns)
        {
            Id = state.Id,
            Name = shownName,
            Options = state.Options.Value,
            PrimaryKey = keyParts.IsEmpty ? null : new IndexSchema
            {
                Name = "PRIMARY",
                Kind = IndexKind.Primary,
                Parts = keyParts,
                Tree = place.RowTree,
            },
            Indexes = BuildIndexes(state, place, columns),
            ForeignKeys = BuildForeignKeys(state, columns),
            Checks = BuildChecks(state, columns),
            RowTree = place.RowTree,
            Layouts = place.Layouts,
            WriteLayout = place.Layouts[layout],
            AutoIncrement = place.AutoIncrement,
            Version = version,
        };
    }

    /// <summary>
    /// The name each live table is shown under: the senior claim keeps the name, the others get the first six hexadecimal
    /// digits of their id behind it.
    /// </summary>
    public static Dictionary<TableId, string> NameTables(DatabaseState database, List<SetAsideName> setAside)
    {
        List<TableState> live = [];
        foreach (TableState table in database.Tables.Values)
        {
            if (table.IsAlive)
                live.Add(table);
        }

        live.Sort(static (left, right) =>
        {
            int order = left.NameStamp.CompareTo(right.NameStamp);
            return order != 0 ? order : left.Id.CompareTo(right.Id);
        });
        Dictionary<TableId, string> names = [];
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        foreach (TableState table in live)
        {
            string name = table.Name.Value;
            if (!taken.Add(name))
            {
                string aside = $"{name}~{table.Id.ToString()[..6]}";
                setAside.Add(new SetAsideName(aside, name, aside, IsColumn: false));
                taken.Add(name = aside);
            }

            names.Add(table.Id, name);
        }

        return names;
    }

    private static ImmutableArray<ColumnSchema> BuildColumns(
        TableState state, string tableName, List<SetAsideName>? setAside)
    {
        List<ColumnState> live = [];
        foreach (ColumnState column in state.Columns.Values)
        {
            if (!column.CreatedShape.Stamp.IsNone && (column.Existence.Value || IsKeyColumn(state, column.Id)))
                live.Add(column);
        }

        Dictionary<ColumnId, string> names = NameColumns(live, tableName, setAside);
        live.Sort(static (left, right) =>
        {
            int order = left.Position.Value.CompareTo(right.Position.Value);
            return order != 0 ? order : left.Id.CompareTo(right.Id);
        });
        ImmutableArray<ColumnSchema>.Builder columns = ImmutableArray.CreateBuilder<ColumnSchema>(live.Count);
        foreach (ColumnState column in live)
            columns.Add(BuildColumn(state, column, names[column.Id], columns.Count));
        return columns.ToImmutable();
    }

    private static ColumnSchema BuildColumn(TableState state, ColumnState column, string name, int ordinal)
    {
        bool isKey = IsKeyColumn(state, column.Id);

        // Rows go by their encoded key: a key column keeps the encoding it was created with, whatever was altered apart.
        ColumnShape shape = column.Shape.Value;
        if (isKey && !CatalogIds.HaveSameKeyForm(shape.Type, column.CreatedShape.Value.Type))
            shape = column.CreatedShape.Value;

        ColumnTypes types = new(shape.Type, column.Types.ToTypes(), MicrosecondsOf(column.Shape), isKey);
        (byte[] fill, RowLayout fillLayout) = FillOf(column, types);
        return new ColumnSchema
        {
            Id = column.Id,
            Name = name,
            Ordinal = ordinal,
            Position = column.Position.Value,
            Shape = shape,
            Types = types,
            Merge = MergeAttribute.PolicyOf(shape, state.Options.Value, isKey),
            Fill = fill,
            FillLayout = fillLayout,
        };
    }

    private static long MicrosecondsOf(in Register<ColumnShape> shape) => (long)shape.Stamp.Hlc.Milliseconds * 1000;

    /// <summary>The fill as the present type has it.</summary>
    private static (byte[] Image, RowLayout Layout) FillOf(ColumnState column, ColumnTypes types)
    {
        ColumnFill fill = column.Fill.Value;
        StoredColumn form = new(column.Id, fill.Code, fill.Scale);
        RowLayout layout = LayoutFactory.Create([form]);
        if (types.TryFind(form, out ValueConversion? conversion) && conversion is null)
            return (fill.Image, layout);

        using ByteWriter writer = new();
        RowLayout present = LayoutFactory.Create(types.Present);
        RowImageWriter image = new(present, writer);
        if (conversion is not null)
            image.Set(0, conversion.Convert(layout, fill.Image, 0), 0);
        image.Finish();
        return (writer.Written.ToArray(), present);
    }

    private static Dictionary<ColumnId, string> NameColumns(
        List<ColumnState> live, string tableName, List<SetAsideName>? setAside)
    {
        live.Sort(static (left, right) =>
        {
            int order = left.Name.Stamp.CompareTo(right.Name.Stamp);
            return order != 0 ? order : left.Id.CompareTo(right.Id);
        });
        Dictionary<ColumnId, string> names = [];
        HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
        foreach (ColumnState column in live)
        {
            string name = column.Name.Value;
            if (!taken.Add(name))
            {
                string aside = $"{name}~{column.Id.ToString()[..6]}";
                setAside?.Add(new SetAsideName(tableName, name, aside, IsColumn: true));
                taken.Add(name = aside);
            }

            names.Add(column.Id, name);
        }

        return names;
    }

    private static ImmutableArray<IndexSchema> BuildIndexes(
        TableState state, TablePlace place, ImmutableArray<ColumnSchema> columns)
    {
        ImmutableArray<IndexSchema>.Builder indexes = ImmutableArray.CreateBuilder<IndexSchema>();
        foreach ((string lower, NamedState<IndexDefinition> index) in NamedState<IndexDefinition>.InOrder(state.Indexes))
        {
            IndexDefinition definition = index.Definition.Value!;
            ImmutableArray<IndexPart> parts = PartsOf(definition.Columns, columns);
            if (parts.IsEmpty)
                continue; // all its columns are gone
            indexes.Add(new IndexSchema
            {
                Name = definition.Name,
                Kind = definition.Kind,
                Parts = parts,
                Tree = place.IndexTrees.GetValueOrDefault(lower),
                Comment = definition.Comment,
                IsInvisible = definition.IsInvisible,
            });
        }

        return indexes.ToImmutable();
    }

    /// <summary>The foreign keys all of whose columns are there.</summary>
    private static ImmutableArray<ForeignKeyDefinition> BuildForeignKeys(TableState state, ImmutableArray<ColumnSchema> columns)
    {
        ImmutableArray<ForeignKeyDefinition>.Builder keys = ImmutableArray.CreateBuilder<ForeignKeyDefinition>();
        foreach ((_, NamedState<ForeignKeyDefinition> key) in NamedState<ForeignKeyDefinition>.InOrder(state.ForeignKeys))
        {
            bool isWhole = true;
            foreach (ColumnId id in key.Definition.Value!.Columns)
                isWhole &= IsThere(columns, id);
            if (isWhole)
                keys.Add(key.Definition.Value);
        }

        return keys.ToImmutable();
    }

    /// <summary>The checks all of whose columns are there.</summary>
    private static ImmutableArray<CheckDefinition> BuildChecks(TableState state, ImmutableArray<ColumnSchema> columns)
    {
        ImmutableArray<CheckDefinition>.Builder checks = ImmutableArray.CreateBuilder<CheckDefinition>();
        foreach ((_, NamedState<CheckDefinition> check) in NamedState<CheckDefinition>.InOrder(state.Checks))
        {
            bool isWhole = true;
            foreach (ReferencedColumn column in check.Definition.Value!.Columns)
                isWhole &= IsThere(columns, column.Id);
            if (isWhole)
                checks.Add(check.Definition.Value);
        }

        return checks.ToImmutable();
    }

    private static bool IsThere(ImmutableArray<ColumnSchema> columns, ColumnId id)
    {
        foreach (ColumnSchema column in columns)
        {
            if (column.Id == id)
                return true;
        }

        return false;
    }

    private static ImmutableArray<IndexPart> PartsOf(
        ImmutableArray<IndexColumn> key, ImmutableArray<ColumnSchema> columns)
    {
        ImmutableArray<IndexPart>.Builder parts = ImmutableArray.CreateBuilder<IndexPart>();
        foreach (IndexColumn part in key)
        {
            foreach (ColumnSchema column in columns)
            {
                if (column.Id == part.Column)
                    parts.Add(new IndexPart(column.Ordinal, part.PrefixLength, part.IsDescending));
            }
        }

        return parts.ToImmutable();
    }

    private static bool IsKeyColumn(TableState state, ColumnId column)
    {
        foreach (IndexColumn part in state.PrimaryKey)
        {
            if (part.Column == column)
                return true;
        }

        return false;
    }
}
