using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Virtual;

/// <summary>What information_schema and SHOW COLUMNS show of a column, of a table or a view alike.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsNullable">Whether it may be NULL.</param>
/// <param name="DefaultText">Its default, or null.</param>
internal readonly record struct ShownColumn(string Name, SqlType Type, bool IsNullable, string? DefaultText);
