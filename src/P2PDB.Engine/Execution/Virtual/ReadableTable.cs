using P2PDB.Engine.Planning;

namespace P2PDB.Engine.Execution.Virtual;

/// <summary>A made-up table together with what fills it.</summary>
/// <param name="schema">Schema it is found in.</param>
/// <param name="name">Its name.</param>
/// <param name="columns">Its columns.</param>
/// <param name="fill">Adds its rows as a session sees them.</param>
internal sealed class ReadableTable(
    string schema, string name, RelationColumn[] columns, Action<StatementContext, VirtualRows> fill)
    : VirtualTable(schema, name, columns)
{
    /// <summary>Makes the rows.</summary>
    public VirtualRows Read(StatementContext context)
    {
        var rows = new VirtualRows(Columns.Length);
        fill(context, rows);
        return rows;
    }
}
