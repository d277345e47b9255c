using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Time;

namespace P2PDB.Simulation.Merge;

/// <summary>
/// Random transactions as a planner would write them over a replica's own schema: few names, few keys, few values, so that
/// replicas meet on all of them.
/// </summary>
internal sealed class MergeWorkload(Random random, DatabaseId database)
{
    private static readonly string[] TableNames = ["t", "u", "T"];
    private static readonly string[] ColumnNames = ["a", "b", "c", "d", "e", "f", "g"];
    private static readonly string[] IndexNames = ["i", "j", "k"];
    private static readonly string[] Texts = ["", "a", "A", "b", "ab", "\0"];
    private static readonly string[] Documents = ["[]", "[1]", "[1, 2]", "[2, 1, 2]", "[1, [2], {\"a\": null}]", "{}", "["];

    private static readonly SqlType[] ColumnTypes =
    [
        SqlType.Int, SqlType.BigInt, SqlType.VarChar(10), SqlType.Decimal(8, 2), SqlType.Double, SqlType.Json,
        new(SqlTypeKind.Set, 3, members: new MemberList(["x", "y", "z"])),
    ];

    /// <summary>Types that columns are altered to: narrower ones too, into which not every value fits.</summary>
    private static readonly SqlType[] AlteredTypes =
    [
        .. ColumnTypes, new(SqlTypeKind.TinyInt, 4), SqlType.VarChar(1), SqlType.VarBinary(4), SqlType.Decimal(3, 2), SqlType.Date,
        SqlType.DateTime(3), SqlType.Timestamp(), new(SqlTypeKind.Enum, 1, members: new MemberList(["0", "1", "a"])),
    ];

    private readonly RandomMarks _marks = new(random);
    private uint _hiddenKeys;

    /// <summary>Fills one entry's body with one to three transactions.</summary>
    public void Fill(BodyBuilder body, MergeReplica replica, HlcTimestamp time)
    {
        body.Clear();
        for (int count = 1 + random.Next(2); count > 0; count--)
        {
            using ChangeSet changes = new();
            changes.Clear(database);
            int opCount = 1 + random.Next(3);
            for (int i = 0; i < opCount; i++)
                Add(changes, replica, time);
            if (!changes.IsEmpty)
                body.Add(changes);
        }
    }

    private void Add(ChangeSet changes, MergeReplica replica, HlcTimestamp time)
    {
        TableSchema[] tables = replica.Schema?.Tables.ToArray() ?? [];
        if (tables.Length == 0 || random.Next(14) == 0)
        {
            CreateTable(changes, replica.Schema);
            return;
        }

        if (random.Next(20) == 0)
        {
            DefineView(changes, replica.Schema!);
            return;
        }

        TableSchema table = tables[random.Next(tables.Length)];
        if (table.Columns.Length == 0)
            return; // peers dropped one column each
        switch (random.Next(100))
        {
            case < 40:
                Insert(changes, table, replica, time);
                break;
            case < 60:
                Update(changes, table, replica);
                break;
            case < 76:
                changes.Delete(Directory(changes, table), ExistingKey(table, replica));
                break;
            case < 98:
                Define(changes, table, replica.Schema!);
                break;
            default:
                WriteNonsense(changes, table);
                break;
        }
    }

    private void CreateTable(ChangeSet changes, DatabaseSchema? schema)
    {
        string name = TableNames[random.Next(TableNames.Length)];
        if (schema?.FindName(name) is not null)
            return;
        List<ColumnDefinition> columns = [Column("id", random.Next(4) == 0 ? SqlType.VarChar(10) : SqlType.Int, 0, 0)];
        foreach (string column in ColumnNames.Where(_ => random.Next(2) == 0))
            columns.Add(Column(column, RandomType(column), 0, columns.Count));
        IndexColumn[] key = random.Next(4) == 0 ? [] : [new IndexColumn(columns[0].Id)];
        for (uint generation = 0; ; generation++)
        {
            TableId id = CatalogIds.TableIdOf(database.Hash, name, key, columns, generation);
            if (schema?.IsKnown(id) == true)
                continue;
            TableDefinition table = new()
            {
                Id = id,
                Name = name,
                Generation = generation,
                Options = new TableOptions(),
                Columns = [.. columns],
                PrimaryKey = [.. key],
                Indexes = random.Next(2) == 0 ? [] : [Index([.. columns.Select(column => column.Id)])],
            };
            using ByteWriter payload = new();
            DefinitionWriter.WriteCreateTable(payload, table);
            changes.Write(OpKind.CreateTable, payload.Written);
            return;
        }
    }

    /// <summary>A view under a name that tables have too: made, replaced, renamed or dropped.</summary>
    private void DefineView(ChangeSet changes, DatabaseSchema schema)
    {
        using ByteWriter payload = new();
        string name = TableNames[random.Next(TableNames.Length)];
        string query = $"select {random.Next(4)}";
        ViewSchema? known = schema.Views.IsEmpty ? null : schema.Views[random.Next(schema.Views.Length)];
        switch (random.Next(4))
        {
            case 0 when known is not null:
                DefinitionWriter.WriteTable(payload, known.Id);
                changes.Write(OpKind.DropTable, payload.Written);
                return;
            case 1 when known is not null:
                DefinitionWriter.WriteCreateView(payload, known.Definition with { IsReplacement = true, Query = query });
                changes.Write(OpKind.CreateView, payload.Written);
                return;
            case 2 when known is not null && schema.FindName(name) is null:
                DefinitionWriter.WriteName(payload, known.Id, name);
                changes.Write(OpKind.RenameTable, payload.Written);
                return;
            default:
                if (schema.FindName(name) is not null)
                    return;
                uint generation = 0;
                while (schema.IsKnown(CatalogIds.ViewIdOf(database.Hash, name, generation)))
                    generation++;
                DefinitionWriter.WriteCreateView(payload, new ViewDefinition
                {
                    Id = CatalogIds.ViewIdOf(database.Hash, name, generation),
                    Name = name,
                    Generation = generation,
                    Columns = ["a"],
                    Query = query,
                });
                changes.Write(OpKind.CreateView, payload.Written);
                return;
        }
    }

    private void Define(ChangeSet changes, TableSchema table, DatabaseSchema schema)
    {
        using ByteWriter payload = new();
        ColumnSchema column = table.Columns[random.Next(table.Columns.Length)];
        switch (random.Next(19))
        {
            case 14:
                ConstraintCodec.WriteCreateCheck(payload, table.Id, new CheckDefinition
                {
                    Name = IndexNames[random.Next(IndexNames.Length)],
                    IsEnforced = random.Next(2) == 0,
                    Condition = $"(`{column.Name}` > {random.Next(3)})",
                    Columns = [new ReferencedColumn(column.Id, column.Name)],
                });
                changes.Write(OpKind.CreateCheck, payload.Written);
                return;
            case 15:
                DefinitionWriter.WriteName(payload, table.Id, IndexNames[random.Next(IndexNames.Length)]);
                changes.Write(OpKind.DropCheck, payload.Written);
                return;
            case 12 or 16 or 17 or 18:
                ForeignKeyDefinition key = ForeignKey(table, schema);
                ConstraintCodec.WriteCreateForeignKey(payload, table.Id, key);
                changes.Write(OpKind.CreateForeignKey, payload.Written);
                if (random.Next(4) == 0)
                    return;
                payload.Clear();
                DefinitionWriter.WriteCreateIndex(payload, table.Id, new IndexDefinition
                {
                    Name = IndexNames[random.Next(IndexNames.Length)],
                    Kind = random.Next(5) == 0 ? IndexKind.Unique : IndexKind.Plain,
                    Columns = [new IndexColumn(key.Columns[0])],
                });
                changes.Write(OpKind.CreateIndex, payload.Written);
                if (random.Next(2) == 0)
                    return;
                // Rows that UNIQUE hides and shows keep and let go of their parents.
                payload.Clear();
                DefinitionWriter.WriteCreateIndex(payload, table.Id, new IndexDefinition
                {
                    Name = IndexNames[random.Next(IndexNames.Length)],
                    Kind = IndexKind.Unique,
                    Columns = [new IndexColumn(column.Id)],
                });
                changes.Write(OpKind.CreateIndex, payload.Written);
                return;
            case 13:
                DefinitionWriter.WriteName(payload, table.Id, IndexNames[random.Next(IndexNames.Length)]);
                changes.Write(OpKind.DropForeignKey, payload.Written);
                return;
            case 0:
                DefinitionWriter.WriteTable(payload, table.Id);
                changes.Write(OpKind.DropTable, payload.Written);
                return;
            case 1:
                DefinitionWriter.WriteTable(payload, table.Id);
                changes.Write(OpKind.Truncate, payload.Written);
                return;
            case 2:
                string name = TableNames[random.Next(TableNames.Length)];
                if (schema.FindName(name) is not null)
                    return;
                DefinitionWriter.WriteName(payload, table.Id, name);
                changes.Write(OpKind.RenameTable, payload.Written);
                return;
            case 3 or 4 or 5:
                DefinitionWriter.WriteCreateIndex(payload, table.Id, Index([.. table.Columns.Select(known => known.Id)]));
                changes.Write(OpKind.CreateIndex, payload.Written);
                return;
            case 6:
                DefinitionWriter.WriteName(payload, table.Id, IndexNames[random.Next(IndexNames.Length)]);
                changes.Write(OpKind.DropIndex, payload.Written);
                return;
            default:
                if (Alter(table, column) is not { } alteration)
                    return;
                DefinitionWriter.WriteAlteration(payload, alteration);
                changes.Write(OpKind.AlterTable, payload.Written);
                return;
        }
    }

    /// <summary>A foreign key to a table that is known, or of which only the name is.</summary>
    private ForeignKeyDefinition ForeignKey(TableSchema table, DatabaseSchema schema)
    {
        TableSchema parent = schema.Tables[random.Next(schema.Tables.Length)];
        bool isKnown = random.Next(2) == 0 && parent.Columns.Length > 0;
        string column = ColumnNames[random.Next(ColumnNames.Length)];
        return new ForeignKeyDefinition
        {
            Name = IndexNames[random.Next(IndexNames.Length)],
            Columns = [table.Columns[random.Next(table.Columns.Length)].Id],
            Parent = isKnown ? parent.Id : null,
            ParentName = isKnown ? parent.Name : TableNames[random.Next(TableNames.Length)],
            ParentColumns = [isKnown ? new ReferencedColumn(parent.Columns[0].Id, parent.Columns[0].Name) : new(CatalogIds.ColumnIdOf(column, 0), column)],
            OnDelete = (ReferenceRule)random.Next(4),
        };
    }

    private Alteration? Alter(TableSchema table, ColumnSchema column)
    {
        string name = ColumnNames[random.Next(ColumnNames.Length)];
        switch (random.Next(5))
        {
            case 0 or 1 when table.OrdinalOf(name) < 0:
                uint generation = (uint)random.Next(2);
                ColumnDefinition added = Column(name, RandomType(name), generation, table.Columns.Length);
                return table.OrdinalOf(added.Id) >= 0 ? null : new Alteration(table.Id, AlterAction.AddColumn)
                {
                    Column = added.Id,
                    Added = added with { Position = ColumnPlace.After(table, random.Next(-1, table.Columns.Length)) },
                };
            case 2 when table.OrdinalOf(name) < 0:
                return new Alteration(table.Id, AlterAction.RenameColumn) { Column = column.Id, Name = name };
            case 3:
                return new Alteration(table.Id, AlterAction.ModifyColumn)
                {
                    Column = column.Id,
                    Shape = column.Shape with { Type = AlteredTypes[random.Next(AlteredTypes.Length)], Comment = name },
                };
            case 4:
                return new Alteration(table.Id, AlterAction.DropColumn) { Column = column.Id };
            default:
                return null;
        }
    }

    private void Insert(ChangeSet changes, TableSchema table, MergeReplica replica, HlcTimestamp time)
    {
        using ByteWriter image = new();
        RowImageWriter writer = new(table.WriteLayout.Layout, image);
        foreach (ColumnSchema column in table.Columns)
            writer.Set(column.Ordinal, RandomValue(column.Type, column.IsInPrimaryKey));
        writer.Finish();

        byte[] key = new byte[HiddenKey.Length];
        if (table.PrimaryKey is null)
            HiddenKey.Write(key, time, replica.Author, _hiddenKeys++);
        else
            key = random.Next(30) == 0 ? RandomKey(table) : KeyOf(table, image.Written);
        (int version, byte[] marks) = random.Next(2) == 0 ? _marks.For(table, default, table.WriteLayout, image.Written, replica.Author) : (0, []);

        // Whether a table is to have rows that stay says their author alone: a few turn up in every table.
        if (random.Next(12) == 0)
            changes.Append(Directory(changes, table), key, image.Written);
        else if (marks.Length > 0)
            changes.InsertMarked(Directory(changes, table), key, version, marks, image.Written);
        else
            changes.Insert(Directory(changes, table), key, image.Written);
    }

    private void Update(ChangeSet changes, TableSchema table, MergeReplica replica)
    {
        byte[] bitmap = new byte[(table.Columns.Length + 7) / 8];
        List<ColumnSchema> set = [];
        foreach (ColumnSchema column in table.Columns)
        {
            if (random.Next(2) == 0 || (column.IsInPrimaryKey && random.Next(20) != 0))
                continue;
            bitmap[column.Ordinal >> 3] |= (byte)(1 << (column.Ordinal & 7));
            set.Add(column);
        }

        using ByteWriter image = new();
        RowImageWriter writer = new(new RowLayout([.. set.Select(column => column.Type)]), image);
        for (int i = 0; i < set.Count; i++)
            writer.Set(i, RandomValue(set[i].Type, set[i].IsInPrimaryKey));
        writer.Finish();
        (int version, byte[] marks) = random.Next(2) == 0 ? _marks.For(table, bitmap, PartOf(table, set), image.Written, replica.Author) : (0, []);
        if (marks.Length > 0)
            changes.UpdateMarked(Directory(changes, table), ExistingKey(table, replica), bitmap, version, marks, image.Written);
        else
            changes.Update(Directory(changes, table), ExistingKey(table, replica), bitmap, image.Written);
    }

    private void WriteNonsense(ChangeSet changes, TableSchema table)
    {
        switch (random.Next(4))
        {
            case 0:
                changes.Insert(Directory(changes, table), [1, 2, 3], [0xFF, 0xFF]);
                break;
            case 3:
                changes.InsertMarked(Directory(changes, table), [1, 2, 3], 1 + random.Next(3), [1, 0, 15, 0], [0xFF, 0xFF]);
                break;
            case 1:
                changes.Write(OpKind.CreateTable, [1, 2, 3]);
                break;
            default:
                changes.Delete(Directory(changes, table), []);
                break;
        }
    }

    private static StoredLayout PartOf(TableSchema table, List<ColumnSchema> columns)
    {
        StoredColumn[] forms = [.. columns.Select(column => table.WriteLayout.Columns[column.Ordinal])];
        return new StoredLayout(-1, [.. forms], LayoutFactory.Create(forms));
    }

    /// <summary>The key of some row in the store, visible or not, or, for tables with a primary key, of no row perhaps.</summary>
    private byte[] ExistingKey(TableSchema table, MergeReplica replica)
    {
        if (table.PrimaryKey is not null && random.Next(2) == 0)
            return RandomKey(table);
        using StoreSnapshot snapshot = replica.Store.BeginRead();
        using Cursor cursor = snapshot.OpenCursor(table.RowTree);
        List<byte[]> keys = [];
        for (bool valid = cursor.SeekFirst(); valid; valid = cursor.Next())
            keys.Add(cursor.Key.ToArray());
        return keys.Count > 0 ? keys[random.Next(keys.Count)] : [1, 9, 9];
    }

    private byte[] RandomKey(TableSchema table)
    {
        using ByteWriter key = new();
        foreach (IndexPart part in table.PrimaryKey!.Parts)
            IndexKeys.Append(key, table, part, RandomValue(table.Columns[part.Ordinal].Type, isNotNull: true));
        return key.Written.ToArray();
    }

    private static byte[] KeyOf(TableSchema table, ReadOnlySpan<byte> image)
    {
        using ByteWriter key = new();
        IndexKeys.Append(key, table, table.PrimaryKey!, table.Map(table.WriteLayout.Number), image);
        return key.Written.ToArray();
    }

    private static int Directory(ChangeSet changes, TableSchema table) => changes.AddTable(
        table.Id,
        [.. table.WriteLayout.Columns.Select(column => new LoggedColumn(column.Id, (byte)column.Code, column.Scale))]);

    private IndexDefinition Index(ColumnId[] columns)
    {
        random.Shuffle(columns);
        return new IndexDefinition
        {
            Name = IndexNames[random.Next(IndexNames.Length)],
            Kind = random.Next(3) > 0 ? IndexKind.Unique : IndexKind.Plain,
            Columns = [.. columns.Take(1 + random.Next(2)).Select(column => new IndexColumn(column, random.Next(2)))],
        };
    }

    private ColumnDefinition Column(string name, SqlType type, uint generation, int index)
    {
        using ByteWriter fill = new();
        RowImageWriter writer = new(new RowLayout([type]), fill);
        writer.Set(0, RandomValue(type, isNotNull: random.Next(2) == 0));
        writer.Finish();
        return new ColumnDefinition
        {
            Id = CatalogIds.ColumnIdOf(name, generation),
            Name = name,
            Generation = generation,
            Position = ColumnPlace.OfIndex(index),
            Shape = new ColumnShape { Type = type },
            Fill = fill.Written.ToArray(),
        };
    }

    /// <summary>Mostly one type per name, so that peers who create a column apart mostly agree.</summary>
    private SqlType RandomType(string column) => random.Next(8) == 0
        ? ColumnTypes[random.Next(ColumnTypes.Length)]
        : ColumnTypes[(column[0] - 'a') % ColumnTypes.Length];

    private SqlValue RandomValue(SqlType type, bool isNotNull)
    {
        if (!isNotNull && random.Next(6) == 0)
            return SqlValue.NullOf(type);
        if (type.IsTemporal)
        {
            TemporalValue day = new(2024, 1, random.Next(1, 5));
            return SqlValue.FromInt64(type, type.Kind == SqlTypeKind.Timestamp ? day.UnixMicroseconds : day.Packed);
        }

        return type.Physical switch
        {
            _ when type.Kind == SqlTypeKind.Json => SqlValue.FromBytes(type, System.Text.Encoding.UTF8.GetBytes(Documents[random.Next(Documents.Length)])),
            _ when type.Kind == SqlTypeKind.Set => SqlValue.FromInt64(type, random.Next(8)),
            PhysicalKind.Int64 => SqlValue.FromInt64(type, random.Next(-1, 5)),
            PhysicalKind.Double => SqlValue.FromDouble(random.Next(3) / 2.0),
            PhysicalKind.Decimal => SqlValue.FromDecimal(type, SqlDecimal.FromScaled(random.Next(4), 2)),
            _ => SqlValue.FromBytes(type, System.Text.Encoding.UTF8.GetBytes(Texts[random.Next(Texts.Length)])),
        };
    }
}
