namespace P2PDB.Engine.Execution.Virtual;

/// <summary>Tables of the schema p2pdb that the engine itself can fill: procedures and databases by name and id.</summary>
internal static class NodeSchemaTables
{
    /// <summary>Registers them.</summary>
    public static void Register(VirtualTables tables)
    {
        tables.Add(new ReadableTable("p2pdb", "databases",
            [Columns.Text("name", 64), Columns.Text("id", 64)],
            (context, rows) =>
            {
                foreach ((string name, Primitives.Hashing.Hash256 id) in context.Node.Transactions.Databases)
                    rows.Add(name, id.ToString());
                rows.SortByText(0);
            }));
        tables.Add(new ReadableTable("p2pdb", "procedures",
            [Columns.Text("name", 64), Columns.Integer("arguments_min"), Columns.Integer("arguments_max")],
            (context, rows) =>
            {
                foreach (BuiltInProcedure procedure in context.Node.Procedures.All)
                    rows.Add(procedure.Name, procedure.ArgumentCountMin, procedure.ArgumentCountMax);
                rows.SortByText(0);
            }));
    }
}
