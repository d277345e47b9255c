using P2PDB.Engine.Catalog;
using P2PDB.Engine.Execution.Virtual;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Sql.Ast.Control;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Statements;

/// <summary>What SHOW says about tables.</summary>
internal static class ShowTables
{
    /// <summary>SHOW [FULL] TABLES.</summary>
    public static VirtualRows Tables(StatementContext context, ShowStatement statement, out RelationColumn[] columns)
    {
        string schema = context.SchemaOrChosen(statement.Schema);
        string title = "Tables_in_" + schema;
        columns = statement.IsFull ? [Columns.Text(title, 64), Columns.Text("Table_type", 11)] : [Columns.Text(title, 64)];
        VirtualRows rows = new(columns.Length);
        if (VirtualTables.IsSchema(schema))
        {
            foreach (ReadableTable table in context.Node.VirtualTables.VisibleTo(context))
            {
                if (table.Schema.Equals(schema, StringComparison.OrdinalIgnoreCase))
                    rows.Add(statement.IsFull ? [table.Name, "SYSTEM VIEW"] : [table.Name]);
            }
        }
        else
        {
            DatabaseSchema database = context.DatabaseOf(schema, out _);
            foreach (TableSchema table in database.Tables)
            {
                if (context.Session.Rights.SeesTable(schema, table.Name))
                    rows.Add(statement.IsFull ? [table.Name, "BASE TABLE"] : [table.Name]);
            }

            foreach (ViewSchema view in database.Views)
            {
                if (context.Session.Rights.SeesTable(schema, view.Name))
                    rows.Add(statement.IsFull ? [view.Name, "VIEW"] : [view.Name]);
            }
        }

        rows.SortByText(0);
        return rows;
    }

    /// <summary>SHOW TABLE STATUS.</summary>
    public static VirtualRows Status(StatementContext context, ShowStatement statement, out RelationColumn[] columns)
    {
        string schema = context.SchemaOrChosen(statement.Schema);
        columns =
        [
            Columns.Text("Name"), Columns.Text("Engine"), Columns.Integer("Version"), Columns.Text("Row_format"),
            Columns.Integer("Rows"), Columns.Integer("Avg_row_length"), Columns.Integer("Data_length"),
            Columns.Integer("Max_data_length"), Columns.Integer("Index_length"), Columns.Integer("Data_free"),
            Columns.Integer("Auto_increment"), Columns.Text("Create_time"), Columns.Text("Update_time"),
            Columns.Text("Check_time"), Columns.Text("Collation"), Columns.Integer("Checksum"), Columns.Text("Create_options"),
            Columns.Text("Comment"),
        ];
        VirtualRows rows = new(columns.Length);
        DatabaseSchema database = context.DatabaseOf(schema, out _);
        foreach (ViewSchema view in database.Views)
        {
            if (context.Session.Rights.SeesTable(schema, view.Name))
                rows.Add([view.Name, .. new object?[columns.Length - 2], "VIEW"]);
        }

        foreach (TableSchema table in database.Tables)
        {
            if (!context.Session.Rights.SeesTable(schema, table.Name))
                continue;
            long count = context.NewestView().Snapshot.EstimateCount(table.RowTree);
            object? next = table.AutoIncrementOrdinal >= 0 ? (long)table.AutoIncrement.Largest + 1 : null;
            rows.Add(table.Name, "InnoDB", 10, "Dynamic", count, 0, 0, 0, 0, 0, next, null, null, null,
                table.Options.Collation.Name, null, "", table.Options.Comment);
        }

        rows.SortByText(0);
        return rows;
    }

    /// <summary>SHOW [FULL] COLUMNS.</summary>
    public static VirtualRows ColumnRows(StatementContext context, ShowStatement statement, out RelationColumn[] columns)
    {
        columns = statement.IsFull
            ? [Columns.Text("Field", 64), Columns.LongText("Type"), Columns.Text("Collation"), Columns.Text("Null", 3), Columns.Text("Key", 3), Columns.LongText("Default"), Columns.Text("Extra"), Columns.Text("Privileges"), Columns.LongText("Comment")]
            : [Columns.Text("Field", 64), Columns.LongText("Type"), Columns.Text("Null", 3), Columns.Text("Key", 3), Columns.LongText("Default"), Columns.Text("Extra")];
        VirtualRows rows = new(columns.Length);
        string schema = context.SchemaOrChosen(statement.Name!.Schema ?? statement.Schema);
        if (VirtualTables.IsSchema(schema))
        {
            ReadableTable made = context.Node.VirtualTables.Find(schema, statement.Name.Name)
                ?? throw SqlErrors.NoSuchTable(schema, statement.Name.Name).ToException();
            foreach (RelationColumn column in made.Columns)
                AddRow(rows, "select", statement.IsFull, column.Name, column.Type, true, "", null, "", "");
            return rows;
        }

        if (context.DatabaseOf(schema, out _).FindView(statement.Name.Name) is { } view)
        {
            foreach (ShownColumn column in ViewColumns.Of(context, schema, view))
            {
                string privileges = InformationSchema.PrivilegesOn(context, schema, view.Name, column.Name);
                AddRow(rows, privileges, statement.IsFull, column.Name, column.Type, column.IsNullable, "", column.DefaultText, "", "");
            }

            return rows;
        }

        TableSchema table = context.TableOf(schema, statement.Name.Name, out _);
        foreach (ColumnSchema column in table.Columns)
        {
            string privileges = InformationSchema.PrivilegesOn(context, schema, table.Name, column.Name);
            AddRow(rows, privileges, statement.IsFull, column.Name, column.Type, column.IsNullable, InformationSchema.Key(table, column),
                InformationSchema.DefaultText(column), InformationSchema.Extra(column), column.Comment);
        }

        return rows;
    }

    /// <summary>SHOW INDEX.</summary>
    public static VirtualRows Indexes(StatementContext context, ShowStatement statement, out RelationColumn[] columns)
    {
        columns =
        [
            Columns.Text("Table"), Columns.Integer("Non_unique"), Columns.Text("Key_name"), Columns.Integer("Seq_in_index"),
            Columns.Text("Column_name"), Columns.Text("Collation"), Columns.Integer("Cardinality"), Columns.Integer("Sub_part"),
            Columns.Text("Packed"), Columns.Text("Null"), Columns.Text("Index_type"), Columns.Text("Comment"),
            Columns.Text("Index_comment"), Columns.Text("Visible"), Columns.LongText("Expression"),
        ];
        VirtualRows rows = new(columns.Length);
        string schema = context.SchemaOrChosen(statement.Name!.Schema ?? statement.Schema);
        if (context.DatabaseOf(schema, out _).FindView(statement.Name.Name) is not null)
            return rows;
        TableSchema table = context.TableOf(schema, statement.Name.Name, out _);
        long count = context.NewestView().Snapshot.EstimateCount(table.RowTree);
        foreach (IndexSchema index in InformationSchema.IndexesOf(table))
        {
            for (int i = 0; i < index.Parts.Length; i++)
            {
                IndexPart part = index.Parts[i];
                ColumnSchema column = table.Columns[part.Ordinal];
                rows.Add(table.Name, index.IsUnique ? 0 : 1, index.Name, i + 1, column.Name, part.IsDescending ? "D" : "A",
                    count, part.PrefixLength > 0 ? part.PrefixLength : null, null, column.IsNullable ? "YES" : "", "BTREE", "",
                    index.Comment, index.IsInvisible ? "NO" : "YES", null);
            }
        }

        return rows;
    }

    /// <summary>SHOW CREATE TABLE.</summary>
    public static VirtualRows CreateTable(StatementContext context, ShowStatement statement, out RelationColumn[] columns)
    {
        string schema = context.SchemaOrChosen(statement.Name!.Schema);
        if (context.DatabaseOf(schema, out _).FindView(statement.Name.Name) is not null)
            return ShowViews.CreateView(context, statement, isViewWanted: false, out columns);
        columns = [Columns.Text("Table", 64), Columns.LongText("Create Table")];
        TableSchema table = context.TableOf(statement.Name!.Schema, statement.Name.Name, out _);
        VirtualRows rows = new(2);
        rows.Add(table.Name, ShowCreateTable.Of(table, context.DatabaseOf(schema, out _).ForeignKeysOf(table.Id)));
        return rows;
    }

    /// <summary>Adds a column on which the session has some privilege.</summary>
    private static void AddRow(
        VirtualRows rows, string privileges, bool isFull, string name, SqlType type, bool isNullable, string key, string? standard, string extra,
        string comment)
    {
        if (privileges.Length == 0)
            return;
        string text = ColumnTypeText.Of(type);
        string nullable = isNullable ? "YES" : "NO";
        bool hasCollation = type.IsText || type.Kind is SqlTypeKind.Enum or SqlTypeKind.Set;
        if (isFull)
        {
            rows.Add(name, text, hasCollation ? type.Collation.Name : null, nullable, key, standard, extra,
                privileges, comment);
        }
        else
        {
            rows.Add(name, text, nullable, key, standard, extra);
        }
    }
}
