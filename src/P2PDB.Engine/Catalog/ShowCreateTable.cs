using System.Globalization;
using System.Text;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Catalog;

/// <summary>The text of SHOW CREATE TABLE, in the form of MySQL 8.4.</summary>
internal static class ShowCreateTable
{
    /// <summary>The statement that would create the table as it is, with its foreign keys.</summary>
    public static string Of(TableSchema table, IReadOnlyList<ForeignKeySchema> keys)
    {
        StringBuilder text = new();
        text.Append("CREATE TABLE ");
        AppendName(text, table.Name);
        text.Append(" (\n");
        string separator = "";
        foreach (ColumnSchema column in table.Columns)
        {
            text.Append(separator).Append("  ");
            AppendColumn(text, table, column);
            separator = ",\n";
        }

        foreach (IndexSchema index in InOrder(table))
        {
            text.Append(separator).Append("  ");
            AppendIndex(text, table, index);
            separator = ",\n";
        }

        List<ForeignKeySchema> sorted = [.. keys];
        sorted.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        foreach (ForeignKeySchema key in sorted)
        {
            text.Append(separator).Append("  ");
            key.AppendTo(text);
        }

        foreach (CheckDefinition check in table.Checks)
        {
            text.Append(separator).Append("  CONSTRAINT ");
            AppendName(text, check.Name);
            text.Append(" CHECK (").Append(check.Condition).Append(check.IsEnforced ? ")" : ") /*!80016 NOT ENFORCED */");
        }

        text.Append("\n) ENGINE=InnoDB");
        AppendOptions(text, table);
        return text.ToString();
    }

    /// <summary>Appends an identifier between backticks.</summary>
    public static void AppendName(StringBuilder text, string name) =>
        text.Append('`').Append(name.Replace("`", "``", StringComparison.Ordinal)).Append('`');

    private static void AppendColumn(StringBuilder text, TableSchema table, ColumnSchema column)
    {
        AppendName(text, column.Name);
        text.Append(' ').Append(ColumnTypeText.Of(column.Type));
        bool hasCharacters = column.Type.IsText || column.Type.Kind is SqlTypeKind.Enum or SqlTypeKind.Set;
        Collation collation = column.Type.Collation;
        if (hasCharacters && !ReferenceEquals(collation, table.Options.Collation))
        {
            text.Append(" CHARACTER SET ").Append(collation.Charset);
            if (!ReferenceEquals(collation, Collation.DefaultOf(collation.Charset))
                || ReferenceEquals(collation, Collation.Default))
            {
                text.Append(" COLLATE ").Append(collation.Name);
            }
        }
        else if (hasCharacters && !ReferenceEquals(collation, Collation.DefaultOf(collation.Charset)))
        {
            text.Append(" COLLATE ").Append(collation.Name);
        }

        if (!column.IsNullable || column.IsInPrimaryKey)
            text.Append(" NOT NULL");
        else if (column.Type.Kind == SqlTypeKind.Timestamp)
            text.Append(" NULL");
        if (column.IsInvisible)
            text.Append(" /*!80023 INVISIBLE */");
        AppendDefault(text, column);
        if (column.IsUpdatedToNow)
            text.Append(" ON UPDATE ").Append(Now(column.Type));
        if (column.IsAutoIncrement)
            text.Append(" AUTO_INCREMENT");
        AppendComment(text, " COMMENT ", column.Comment);
        AppendAttribute(text, " ", column.Shape.EngineAttribute);
    }

    private static void AppendDefault(StringBuilder text, ColumnSchema column)
    {
        if (column.IsAutoIncrement)
            return;
        switch (column.Default.Kind)
        {
            case DefaultKind.Literal when column.Type.Kind == SqlTypeKind.Bit:
                text.Append(" DEFAULT b'").Append(column.Default.Text).Append('\'');
                break;
            case DefaultKind.Literal:
                text.Append(" DEFAULT ");
                ColumnTypeText.AppendQuoted(text, column.Default.Text);
                break;
            case DefaultKind.CurrentTimestamp:
                text.Append(" DEFAULT ").Append(Now(column.Type));
                break;
            case DefaultKind.Expression:
                text.Append(" DEFAULT (").Append(column.Default.Text).Append(')');
                break;
            default:
                // NULL is shown where it is the default, but MySQL never shows it for the TEXT and BLOB family.
                if (column.IsNullable && !column.IsInPrimaryKey && !column.Type.IsLong)
                    text.Append(" DEFAULT NULL");
                break;
        }
    }

    private static string Now(SqlType type) => type.Scale == 0
        ? "CURRENT_TIMESTAMP"
        : string.Create(CultureInfo.InvariantCulture, $"CURRENT_TIMESTAMP({type.Scale})");

    private static void AppendIndex(StringBuilder text, TableSchema table, IndexSchema index)
    {
        switch (index.Kind)
        {
            case IndexKind.Primary:
                text.Append("PRIMARY KEY");
                break;
            case IndexKind.Unique:
                text.Append("UNIQUE KEY ");
                AppendName(text, index.Name);
                break;
            default:
                text.Append("KEY ");
                AppendName(text, index.Name);
                break;
        }

        text.Append(" (");
        for (int i = 0; i < index.Parts.Length; i++)
        {
            IndexPart part = index.Parts[i];
            if (i > 0)
                text.Append(',');
            AppendName(text, table.Columns[part.Ordinal].Name);
            if (part.PrefixLength > 0)
                text.Append(CultureInfo.InvariantCulture, $"({part.PrefixLength})");
            if (part.IsDescending)
                text.Append(" DESC");
        }

        text.Append(')');
        AppendComment(text, " COMMENT ", index.Comment);
        if (index.IsInvisible)
            text.Append(" /*!80000 INVISIBLE */");
    }

    private static void AppendOptions(StringBuilder text, TableSchema table)
    {
        if (table.AutoIncrementOrdinal >= 0 && table.AutoIncrement.Largest > 0)
            text.Append(CultureInfo.InvariantCulture, $" AUTO_INCREMENT={table.AutoIncrement.Largest + 1}");
        Collation collation = table.Options.Collation;
        text.Append(" DEFAULT CHARSET=").Append(collation.Charset);
        if (!ReferenceEquals(collation, Collation.DefaultOf(collation.Charset))
            || ReferenceEquals(collation, Collation.Default))
        {
            text.Append(" COLLATE=").Append(collation.Name);
        }

        AppendComment(text, " COMMENT=", table.Options.Comment);
        AppendAttribute(text, "=", table.Options.EngineAttribute);
    }

    private static void AppendAttribute(StringBuilder text, string separator, string attribute)
    {
        if (attribute.Length == 0)
            return;
        text.Append(" /*!80021 ENGINE_ATTRIBUTE").Append(separator);
        ColumnTypeText.AppendQuoted(text, attribute);
        text.Append(" */");
    }

    private static void AppendComment(StringBuilder text, string keyword, string comment)
    {
        if (comment.Length == 0)
            return;
        text.Append(keyword);
        ColumnTypeText.AppendQuoted(text, comment);
    }

    /// <summary>MySQL's order: the primary key, UNIQUE without NULLs, UNIQUE, the rest; as created within each.</summary>
    private static List<IndexSchema> InOrder(TableSchema table)
    {
        List<IndexSchema> ordered = [];
        if (table.PrimaryKey is not null)
            ordered.Add(table.PrimaryKey);
        for (int rank = 0; rank < 3; rank++)
        {
            foreach (IndexSchema index in table.Indexes)
            {
                if (RankOf(table, index) == rank)
                    ordered.Add(index);
            }
        }

        return ordered;
    }

    private static int RankOf(TableSchema table, IndexSchema index)
    {
        if (!index.IsUnique)
            return 2;
        foreach (IndexPart part in index.Parts)
        {
            if (table.Columns[part.Ordinal].IsNullable)
                return 1;
        }

        return 0;
    }
}
