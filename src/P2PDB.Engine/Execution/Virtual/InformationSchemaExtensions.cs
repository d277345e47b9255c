using P2PDB.Engine.Catalog;

namespace P2PDB.Engine.Execution.Virtual;

/// <summary>The tables of information_schema that show ENGINE_ATTRIBUTE, where merge policies are declared.</summary>
internal static class InformationSchemaExtensions
{
    private const string Catalog = "def";

    /// <summary>Registers them.</summary>
    public static void Register(VirtualTables tables)
    {
        InformationSchema.Add(tables, "TABLES_EXTENSIONS", "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME *ENGINE_ATTRIBUTE *SECONDARY_ENGINE_ATTRIBUTE", OfTables);
        InformationSchema.Add(tables, "COLUMNS_EXTENSIONS", "TABLE_CATALOG TABLE_SCHEMA TABLE_NAME COLUMN_NAME *ENGINE_ATTRIBUTE *SECONDARY_ENGINE_ATTRIBUTE", OfColumns);
    }

    private static void OfTables(StatementContext context, VirtualRows rows)
    {
        foreach ((string schema, TableSchema table) in InformationSchema.AllTables(context))
            rows.Add(Catalog, schema, table.Name, OrNull(table.Options.EngineAttribute), null);
    }

    private static void OfColumns(StatementContext context, VirtualRows rows)
    {
        foreach ((string schema, TableSchema table) in InformationSchema.AllTables(context))
        {
            foreach (ColumnSchema column in table.Columns)
            {
                if (InformationSchema.SeesColumn(context, schema, table.Name, column.Name))
                    rows.Add(Catalog, schema, table.Name, column.Name, OrNull(column.Shape.EngineAttribute), null);
            }
        }
    }

    private static string? OrNull(string attribute) => attribute.Length > 0 ? attribute : null;
}
