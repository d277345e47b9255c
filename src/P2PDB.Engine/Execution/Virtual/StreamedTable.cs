using P2PDB.Engine.Planning;

namespace P2PDB.Engine.Execution.Virtual;

/// <summary>A made-up table that may have more rows than fit in memory: they are made one by one, as they are read.</summary>
/// <param name="schema">Schema it is found in.</param>
/// <param name="name">Its name.</param>
/// <param name="columns">Its columns.</param>
/// <param name="open">Starts to read it.</param>
internal sealed class StreamedTable(
    string schema, string name, RelationColumn[] columns, Func<StatementContext, ScanBounds, RowStream> open)
    : ReadableTable(schema, name, columns)
{
    /// <inheritdoc/>
    public override double RowEstimate => 100_000;

    /// <inheritdoc/>
    public override RowStream Open(StatementContext context, ScanBounds bounds) => open(context, bounds);
}
