namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>
/// One option of a table. Names are upper case with single spaces and resolved synonyms: ENGINE, AUTO_INCREMENT, CHARACTER SET, COLLATE, COMMENT,
/// ROW_FORMAT, ENGINE_ATTRIBUTE, ….
/// </summary>
/// <param name="Name">The option.</param>
/// <param name="Value">The value as text (strings without quotes); for UNION the tables, comma separated.</param>
/// <param name="IsString">True where the value was a quoted string.</param>
internal sealed record TableOption(string Name, string Value, bool IsString);
