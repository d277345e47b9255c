namespace P2PDB.Engine.Execution.Virtual;

/// <summary>Tables of the schema p2pdb that the engine itself can fill: the procedures.</summary>
internal static class NodeSchemaTables
{
    /// <summary>Registers them.</summary>
    public static void Register(VirtualTables tables)
    {
        tables.Add(new ListedTable("p2pdb", "procedures",
            [Columns.Text("name", 64), Columns.Integer("arguments_min"), Columns.Integer("arguments_max")],
            (context, rows) =>
            {
                foreach (BuiltInProcedure procedure in context.Node.Procedures.All)
                    rows.Add(procedure.Name, procedure.ArgumentCountMin, procedure.ArgumentCountMax);
                rows.SortByText(0);
            }));
    }
}
