using System.Text;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Storage;
using P2PDB.Engine.Types.Json;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Inspection;

/// <summary>Names that two tables, or two columns of a table, claimed.</summary>
internal static class NamesSetAside
{
    /// <summary>Those of a database in a snapshot.</summary>
    public static IEnumerable<Conflict> Read(StoreSnapshot snapshot, Hash256 database)
    {
        if ((snapshot.Companion as NodeSchema)?.Find(database) is not { } schema)
            yield break;
        foreach (SetAsideName name in schema.SetAside)
        {
            if (name.IsColumn)
            {
                TableSchema table = schema.FindTable(name.Table)!;
                LoggedTable logged = LoggedTable.Find(snapshot, database, table.Id);
                yield return Of(
                    name, logged.ColumnNamedAt(table.Columns[table.OrdinalOf(name.ShownAs)].Id),
                    logged.ColumnNamedAt(table.Columns[table.OrdinalOf(name.Name)].Id));
                continue;
            }

            yield return Of(name, NamedAt(schema.FindId(name.ShownAs)), NamedAt(schema.FindId(name.Name)));
        }

        DefinitionStamp NamedAt(TableId? table) => table is { } id ? LoggedTable.Find(snapshot, database, id).NamedAt : default;
    }

    private static Conflict Of(SetAsideName name, in DefinitionStamp lost, in DefinitionStamp kept)
    {
        JsonItem shown = JsonItem.NewObject();
        shown.Set("shown_as"u8, JsonItem.FromText(Encoding.UTF8.GetBytes(name.ShownAs)));
        return new Conflict(
            Conflict.NameSetAside, name.Table, null, name.Name, "senior name", lost, ValueText.ToBytes(shown), kept, null, null);
    }
}
