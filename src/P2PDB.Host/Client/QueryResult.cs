namespace P2PDB.Host.Client;

/// <summary>What one statement answered: rows, or a count of changed rows.</summary>
/// <param name="Columns">The columns' names; empty when the statement has no rows.</param>
/// <param name="Rows">Each row's values as text; null is SQL's NULL.</param>
/// <param name="AffectedRows">Changed rows, when there are no columns.</param>
internal sealed record QueryResult(IReadOnlyList<string> Columns, IReadOnlyList<string?[]> Rows, ulong AffectedRows);
