using System.Globalization;
using P2PDB.Engine.Accounts;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Execution.Definitions;
using P2PDB.Engine.Execution.Variables;
using P2PDB.Engine.Planning;
using P2PDB.Engine.Types;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution.Virtual;

/// <summary>The tables of information_schema that have something to show.</summary>
internal static class InformationSchema
{
    private const string Schema = "information_schema";
    private const string Catalog = "def";

    /// <summary>Registers them.</summary>
    public static void Register(VirtualTables tables)
    {
        Add(tables, "SCHEMATA", "CATALOG_NAME SCHEMA_NAME DEFAULT_CHARACTER_SET_NAME DEFAULT_COLLATION_NAME SQL_PATH DEFAULT_ENCRYPTION", Schemata);
        Add(tables, "TABLES", "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME TABLE_TYPE ENGINE #VERSION ROW_FORMAT #TABLE_ROWS #AVG_ROW_LENGTH #DATA_LENGTH #MAX_DATA_LENGTH #INDEX_LENGTH #DATA_FREE #AUTO_INCREMENT CREATE_TIME UPDATE_TIME CHECK_TIME TABLE_COLLATION #CHECKSUM CREATE_OPTIONS TABLE_COMMENT", Tables);
        Add(tables, "COLUMNS", "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME #ORDINAL_POSITION *COLUMN_DEFAULT IS_NULLABLE DATA_TYPE #CHARACTER_MAXIMUM_LENGTH #CHARACTER_OCTET_LENGTH #NUMERIC_PRECISION #NUMERIC_SCALE #DATETIME_PRECISION CHARACTER_SET_NAME COLLATION_NAME *COLUMN_TYPE COLUMN_KEY EXTRA PRIVILEGES COLUMN_COMMENT *GENERATION_EXPRESSION #SRS_ID", ColumnRows);
        Add(tables, "VIEWS", "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME *VIEW_DEFINITION CHECK_OPTION IS_UPDATABLE DEFINER SECURITY_TYPE CHARACTER_SET_CLIENT COLLATION_CONNECTION", Views);
        Add(tables, "STATISTICS", "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME #NON_UNIQUE INDEX_SCHEMA INDEX_NAME #SEQ_IN_INDEX COLUMN_NAME COLLATION #CARDINALITY #SUB_PART PACKED NULLABLE INDEX_TYPE COMMENT INDEX_COMMENT IS_VISIBLE *EXPRESSION", Statistics);
        Add(tables, "ENGINES", "ENGINE SUPPORT COMMENT TRANSACTIONS XA SAVEPOINTS", (_, rows) =>
            rows.Add("InnoDB", "DEFAULT", "Replicated tables in memory, durable through the log", "YES", "NO", "YES"));
        Add(tables, "CHARACTER_SETS", "CHARACTER_SET_NAME DEFAULT_COLLATE_NAME DESCRIPTION #MAXLEN", CharacterSets);
        Add(tables, "COLLATIONS", "COLLATION_NAME CHARACTER_SET_NAME #ID IS_DEFAULT IS_COMPILED #SORTLEN PAD_ATTRIBUTE", Collations);
        Add(tables, "COLLATION_CHARACTER_SET_APPLICABILITY", "COLLATION_NAME CHARACTER_SET_NAME", (_, rows) =>
        {
            foreach (Collation collation in Collation.All)
                rows.Add(collation.Name, collation.Charset);
        });
        Add(tables, "PROCESSLIST", "#ID USER HOST DB COMMAND #TIME STATE *INFO", ProcessList);
        Add(tables, "GLOBAL_VARIABLES", "VARIABLE_NAME VARIABLE_VALUE", (context, rows) => Variables(context, rows, isGlobal: true));
        Add(tables, "SESSION_VARIABLES", "VARIABLE_NAME VARIABLE_VALUE", (context, rows) => Variables(context, rows, isGlobal: false));
        tables.Add(new ListedTable("performance_schema", "session_variables", ColumnsOf("VARIABLE_NAME VARIABLE_VALUE"), (context, rows) => Variables(context, rows, isGlobal: false)));
        tables.Add(new ListedTable("performance_schema", "global_variables", ColumnsOf("VARIABLE_NAME VARIABLE_VALUE"), (context, rows) => Variables(context, rows, isGlobal: true)));
    }

    /// <summary>What SHOW COLUMNS shows for a column's default: null for none.</summary>
    public static string? DefaultText(ColumnSchema column) => column.Default.Kind switch
    {
        DefaultKind.Literal => column.Default.Text,
        DefaultKind.CurrentTimestamp => Now(column),
        DefaultKind.Expression => column.Default.Text,
        _ => null,
    };

    /// <summary>What the column EXTRA shows.</summary>
    public static string Extra(ColumnSchema column)
    {
        List<string> parts = [];
        if (column.IsAutoIncrement)
            parts.Add("auto_increment");
        if (column.Default.Kind is DefaultKind.CurrentTimestamp or DefaultKind.Expression)
            parts.Add("DEFAULT_GENERATED");
        if (column.IsUpdatedToNow)
            parts.Add("on update " + Now(column));
        if (column.IsInvisible)
            parts.Add("INVISIBLE");
        return string.Join(' ', parts);
    }

    /// <summary>PRI, UNI, MUL or nothing.</summary>
    public static string Key(TableSchema table, ColumnSchema column)
    {
        if (column.IsInPrimaryKey)
            return "PRI";
        string key = "";
        foreach (IndexSchema index in table.Indexes)
        {
            if (index.Parts[0].Ordinal != column.Ordinal)
                continue;
            if (index.IsUnique && index.Parts.Length == 1)
                return "UNI";
            key = "MUL";
        }

        return key;
    }

    /// <summary>CURRENT_TIMESTAMP with a column's fraction digits.</summary>
    public static string Now(ColumnSchema column) => column.Type.Scale > 0
        ? string.Create(CultureInfo.InvariantCulture, $"CURRENT_TIMESTAMP({column.Type.Scale})") : "CURRENT_TIMESTAMP";

    /// <summary>All replicated tables that the session may see, with the local names of their databases, by name.</summary>
    public static IEnumerable<(string Schema, TableSchema Table)> AllTables(StatementContext context)
    {
        NodeSchema node = context.Node.Transactions.CurrentSchema;
        List<(string, TableSchema)> all = [];
        foreach ((string name, Hash256 id) in context.Node.Transactions.Databases)
        {
            foreach (TableSchema table in node.Find(id)?.Tables ?? [])
            {
                if (context.Session.Rights.SeesTable(name, table.Name))
                    all.Add((name, table));
            }
        }

        all.Sort(static ((string, TableSchema Table) left, (string, TableSchema Table) right) =>
        {
            int order = string.CompareOrdinal(left.Item1, right.Item1);
            return order != 0 ? order : string.CompareOrdinal(left.Table.Name, right.Table.Name);
        });
        return all;
    }

    /// <summary>The indexes of a table, the primary key first.</summary>
    public static IEnumerable<IndexSchema> IndexesOf(TableSchema table)
    {
        if (table.PrimaryKey is not null)
            yield return table.PrimaryKey;
        foreach (IndexSchema index in table.Indexes)
        {
            if (index.IsUnique)
                yield return index;
        }

        foreach (IndexSchema index in table.Indexes)
        {
            if (!index.IsUnique)
                yield return index;
        }
    }

    /// <summary>Registers a table; <see cref="ColumnsOf"/> says how columns are given.</summary>
    public static void Add(VirtualTables tables, string name, string columns, Action<StatementContext, VirtualRows> fill) =>
        tables.Add(new ListedTable(Schema, name, ColumnsOf(columns), fill));

    /// <summary>Columns by name: # before a number, * before a long text.</summary>
    public static RelationColumn[] ColumnsOf(string columns) => Array.ConvertAll(columns.Split(' '), column => column[0] switch
    {
        '#' => Columns.Unsigned(column[1..]),
        '*' => Columns.LongText(column[1..]),
        _ => Columns.Text(column),
    });

    private static void Schemata(StatementContext context, VirtualRows rows)
    {
        foreach (string name in VirtualTables.SchemasFor(context))
            rows.Add(Catalog, name, "utf8mb3", "utf8mb3_general_ci", null, "NO");
        foreach (string name in context.Node.Transactions.Databases.Keys)
        {
            if (context.Session.Rights.Sees(name))
                rows.Add(Catalog, name, Collation.Default.Charset, Collation.Default.Name, null, "NO");
        }

        rows.SortByText(1);
    }

    private static void Tables(StatementContext context, VirtualRows rows)
    {
        foreach (ReadableTable table in context.Node.VirtualTables.VisibleTo(context))
            rows.Add(Catalog, table.Schema, table.Name, "SYSTEM VIEW", null, 10, null, 0, 0, 0, 0, 0, 0, null, null, null, null, null, null, "", "");
        rows.SortByText(2);
        foreach ((string schema, ViewSchema view) in ViewColumns.AllViews(context))
            rows.Add([Catalog, schema, view.Name, "VIEW", .. new object?[16], "VIEW"]);
        foreach ((string schema, TableSchema table) in AllTables(context))
        {
            long count = context.NewestView().Snapshot.EstimateCount(table.RowTree);
            object? next = table.AutoIncrementOrdinal >= 0 ? table.AutoIncrement.Largest + 1 : null;
            rows.Add(Catalog, schema, table.Name, "BASE TABLE", "InnoDB", 10, "Dynamic", count, 0, 0, 0, 0, 0, next,
                null, null, null, table.Options.Collation.Name, null, "", table.Options.Comment);
        }
    }

    private static void ColumnRows(StatementContext context, VirtualRows rows)
    {
        foreach ((string schema, TableSchema table) in AllTables(context))
        {
            foreach (ColumnSchema column in table.Columns)
            {
                string privileges = PrivilegesOn(context, schema, table.Name, column.Name);
                if (privileges.Length == 0)
                    continue;
                var shown = new ShownColumn(column.Name, column.Type, column.IsNullable, DefaultText(column));
                AddColumn(rows, schema, table.Name, column.Ordinal, privileges, shown,
                    Key(table, column), Extra(column), column.Comment);
            }
        }

        foreach ((string schema, ViewSchema view) in ViewColumns.AllViews(context))
        {
            int position = 0;
            foreach (ShownColumn column in ViewColumns.OrWarning(context, schema, view))
            {
                string privileges = PrivilegesOn(context, schema, view.Name, column.Name);
                if (privileges.Length > 0)
                    AddColumn(rows, schema, view.Name, position, privileges, column, "", "", "");
                position++;
            }
        }

        foreach (ReadableTable table in context.Node.VirtualTables.VisibleTo(context))
        {
            int position = 0;
            foreach (RelationColumn column in table.Columns)
            {
                rows.Add(Catalog, table.Schema, table.Name, column.Name, ++position, null, "YES", ColumnTypeText.NameOf(column.Type.Kind),
                    null, null, null, null, null, null, null, ColumnTypeText.Of(column.Type), "", "", "select", "", "", null);
            }
        }
    }

    private static void AddColumn(
        VirtualRows rows, string schema, string table, int ordinal, string privileges, in ShownColumn column, string key, string extra,
        string comment)
    {
        SqlType type = column.Type;
        object? characters = type.IsString || type.Kind is SqlTypeKind.Enum or SqlTypeKind.Set ? type.Length : null;
        object? octets = characters is null ? null
            : type.IsText && !type.IsLong ? type.Length * type.Collation.BytesPerCharacterMax : type.Length;
        object? precision = type.Kind switch
        {
            SqlTypeKind.TinyInt => 3,
            SqlTypeKind.SmallInt => 5,
            SqlTypeKind.MediumInt => 7,
            SqlTypeKind.Int => 10,
            SqlTypeKind.BigInt => type.IsUnsigned ? 20 : 19,
            SqlTypeKind.Decimal => (int)type.Precision,
            SqlTypeKind.Float => 12,
            SqlTypeKind.Double => 22,
            SqlTypeKind.Bit => type.Length,
            _ => null,
        };
        object? scale = type.IsInteger ? 0 : type.Kind == SqlTypeKind.Decimal ? (int)type.Scale : null;
        object? fraction = type.Kind is SqlTypeKind.Time or SqlTypeKind.DateTime or SqlTypeKind.Timestamp ? (int)type.Scale : null;
        bool hasCharset = type.IsText || type.Kind is SqlTypeKind.Enum or SqlTypeKind.Set;
        rows.Add(Catalog, schema, table, column.Name, ordinal + 1, column.DefaultText,
            column.IsNullable ? "YES" : "NO", ColumnTypeText.NameOf(type.Kind), characters, octets, precision, scale, fraction,
            hasCharset ? type.Collation.Charset : null, hasCharset ? type.Collation.Name : null, ColumnTypeText.Of(type),
            key, extra, privileges, comment, "", null);
    }

    /// <summary>
    /// What the session may do with a column, as the column PRIVILEGES and SHOW FULL COLUMNS write it; empty where it may not see it.
    /// </summary>
    public static string PrivilegesOn(StatementContext context, string schema, string table, string column)
    {
        Rights rights = context.Session.Rights;
        if (rights.IsUnlimited)
            return "select,insert,update,references";
        PrivilegeSet held = rights.OnColumn(schema, table, column) & PrivilegeSet.OfColumns;
        return string.Join(',', Privileges.NamesIn(held)).ToLowerInvariant();
    }

    /// <summary>True for a column that the session may do something with: the others do not show.</summary>
    public static bool SeesColumn(StatementContext context, string schema, string table, string column)
    {
        Rights rights = context.Session.Rights;
        return rights.IsUnlimited || (rights.OnColumn(schema, table, column) & PrivilegeSet.OfColumns) != 0;
    }

    private static void Views(StatementContext context, VirtualRows rows)
    {
        foreach ((string schema, ViewSchema view) in ViewColumns.AllViews(context))
        {
            ViewDefinition definition = view.Definition;
            string text = MayRead(context, schema, view) ? ViewText.Query(view, schema, schema, out _) : "";
            rows.Add(Catalog, schema, view.Name, text, definition.Check.ToString().ToUpperInvariant(),
                ViewColumns.IsUpdatable(context, schema, view) ? "YES" : "NO", $"{definition.DefinerUser}@{definition.DefinerHost}",
                definition.IsInvoker ? "INVOKER" : "DEFINER", definition.CharacterSet, definition.Collation);
        }
    }

    /// <summary>A view's text is for who may both read it and see its definition.</summary>
    private static bool MayRead(StatementContext context, string schema, ViewSchema view)
    {
        const PrivilegeSet Both = PrivilegeSet.Select | PrivilegeSet.ShowView;
        return (Both & ~context.Session.Rights.OnTable(schema, view.Name)) == 0;
    }

    private static void Statistics(StatementContext context, VirtualRows rows)
    {
        foreach ((string schema, TableSchema table) in AllTables(context))
        {
            long count = context.NewestView().Snapshot.EstimateCount(table.RowTree);
            foreach (IndexSchema index in IndexesOf(table))
            {
                for (int i = 0; i < index.Parts.Length; i++)
                {
                    IndexPart part = index.Parts[i];
                    ColumnSchema column = table.Columns[part.Ordinal];
                    rows.Add(Catalog, schema, table.Name, index.IsUnique ? 0 : 1, schema, index.Name, i + 1, column.Name,
                        part.IsDescending ? "D" : "A", count, part.PrefixLength > 0 ? part.PrefixLength : null, null,
                        column.IsNullable ? "YES" : "", "BTREE", "", index.Comment, index.IsInvisible ? "NO" : "YES", null);
                }
            }
        }
    }

    private static void CharacterSets(StatementContext context, VirtualRows rows)
    {
        HashSet<string> seen = [];
        foreach (Collation collation in Collation.All)
        {
            if (seen.Add(collation.Charset) && Collation.DefaultOf(collation.Charset) is { } standard)
                rows.Add(collation.Charset, standard.Name, collation.Charset, standard.BytesPerCharacterMax);
        }

        rows.SortByText(0);
    }

    private static void Collations(StatementContext context, VirtualRows rows)
    {
        foreach (Collation collation in Collation.All)
        {
            bool isDefault = ReferenceEquals(Collation.DefaultOf(collation.Charset), collation);
            rows.Add(collation.Name, collation.Charset, collation.Id, isDefault ? "Yes" : "", "Yes", 1,
                collation.IsPadSpace ? "PAD SPACE" : "NO PAD");
        }

        rows.SortByText(0);
    }

    private static void ProcessList(StatementContext context, VirtualRows rows)
    {
        long now = context.Node.NowMicroseconds;
        foreach (SessionState session in context.Node.Sessions)
        {
            if (!context.Session.Sees(session))
                continue;
            string? statement = session.CurrentStatement.Read();
            rows.Add(session.ConnectionId, session.User, session.Host, session.Schema, statement is null ? "Sleep" : "Query",
                Math.Max(0, (now - session.StateSinceMicroseconds) / 1_000_000), statement is null ? "" : "executing", statement);
        }
    }

    private static void Variables(StatementContext context, VirtualRows rows, bool isGlobal)
    {
        foreach (SystemVariable variable in SystemVariables.All)
        {
            if (!isGlobal || variable.HasGlobal)
                rows.Add(variable.Name, VariableValues.Text(context.Session, variable, isGlobal) ?? "");
        }
    }
}
