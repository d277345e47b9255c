namespace P2PDB.Engine.Catalog;

/// <summary>A name that two tables, or two columns of a table, claimed.</summary>
/// <param name="Table">The table it is about, as shown.</param>
/// <param name="Name">The name claimed.</param>
/// <param name="ShownAs">The name the junior one is shown under.</param>
/// <param name="IsColumn">True where it is a column's name.</param>
internal sealed record SetAsideName(string Table, string Name, string ShownAs, bool IsColumn);
