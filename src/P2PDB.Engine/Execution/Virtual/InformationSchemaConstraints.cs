using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Definitions;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Execution.Virtual;

/// <summary>The tables of information_schema about keys and constraints.</summary>
internal static class InformationSchemaConstraints
{
    private const string Catalog = "def";

    /// <summary>Registers them.</summary>
    public static void Register(VirtualTables tables)
    {
        InformationSchema.Add(tables, "KEY_COLUMN_USAGE", "CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME #ORDINAL_POSITION #POSITION_IN_UNIQUE_CONSTRAINT REFERENCED_TABLE_SCHEMA REFERENCED_TABLE_NAME REFERENCED_COLUMN_NAME", KeyColumnUsage);
        InformationSchema.Add(tables, "TABLE_CONSTRAINTS", "CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME TABLE_SCHEMA TABLE_NAME CONSTRAINT_TYPE ENFORCED", TableConstraints);
        InformationSchema.Add(tables, "REFERENTIAL_CONSTRAINTS", "CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME UNIQUE_CONSTRAINT_CATALOG UNIQUE_CONSTRAINT_SCHEMA UNIQUE_CONSTRAINT_NAME MATCH_OPTION UPDATE_RULE DELETE_RULE TABLE_NAME REFERENCED_TABLE_NAME", ReferentialConstraints);
        InformationSchema.Add(tables, "CHECK_CONSTRAINTS", "CONSTRAINT_CATALOG CONSTRAINT_SCHEMA CONSTRAINT_NAME *CHECK_CLAUSE", CheckConstraints);
    }

    private static void KeyColumnUsage(StatementContext context, VirtualRows rows)
    {
        foreach ((string schema, TableSchema table) in InformationSchema.AllTables(context))
        {
            foreach (IndexSchema index in InformationSchema.IndexesOf(table))
            {
                for (int i = 0; index.IsUnique && i < index.Parts.Length; i++)
                {
                    string column = table.Columns[index.Parts[i].Ordinal].Name;
                    if (InformationSchema.SeesColumn(context, schema, table.Name, column))
                        rows.Add(Catalog, schema, index.Name, Catalog, schema, table.Name, column, i + 1, null, null, null, null);
                }
            }

            foreach (ForeignKeySchema key in ForeignKeysOf(context, schema, table))
            {
                for (int i = 0; i < key.ChildOrdinals.Length; i++)
                {
                    string column = table.Columns[key.ChildOrdinals[i]].Name;
                    if (InformationSchema.SeesColumn(context, schema, table.Name, column))
                    {
                        rows.Add(Catalog, schema, key.Name, Catalog, schema, table.Name, column, i + 1, i + 1,
                            schema, key.ParentName, key.ParentColumnName(i));
                    }
                }
            }
        }
    }

    private static void TableConstraints(StatementContext context, VirtualRows rows)
    {
        foreach ((string schema, TableSchema table) in InformationSchema.AllTables(context))
        {
            foreach (IndexSchema index in InformationSchema.IndexesOf(table))
            {
                if (index.IsUnique)
                    rows.Add(Catalog, schema, index.Name, schema, table.Name, index.IsPrimary ? "PRIMARY KEY" : "UNIQUE", "YES");
            }

            foreach (ForeignKeySchema key in ForeignKeysOf(context, schema, table))
                rows.Add(Catalog, schema, key.Name, schema, table.Name, "FOREIGN KEY", "YES");
            foreach (CheckDefinition check in table.Checks)
                rows.Add(Catalog, schema, check.Name, schema, table.Name, "CHECK", check.IsEnforced ? "YES" : "NO");
        }
    }

    private static void CheckConstraints(StatementContext context, VirtualRows rows)
    {
        foreach ((string schema, TableSchema table) in InformationSchema.AllTables(context))
        {
            foreach (CheckDefinition check in table.Checks)
                rows.Add(Catalog, schema, check.Name, check.Condition);
        }
    }

    private static void ReferentialConstraints(StatementContext context, VirtualRows rows)
    {
        foreach ((string schema, TableSchema table) in InformationSchema.AllTables(context))
        {
            foreach (ForeignKeySchema key in ForeignKeysOf(context, schema, table))
            {
                rows.Add(Catalog, schema, key.Name, Catalog, schema, key.ParentKey?.Name, "NONE", ForeignKeySchema.TextOf(key.Definition.OnUpdate),
                    ForeignKeySchema.TextOf(key.Definition.OnDelete), table.Name, key.ParentName);
            }
        }
    }

    private static IReadOnlyList<ForeignKeySchema> ForeignKeysOf(StatementContext context, string schema, TableSchema table) =>
        context.DatabaseOf(schema, out Hash256 _).ForeignKeysOf(table.Id);
}
