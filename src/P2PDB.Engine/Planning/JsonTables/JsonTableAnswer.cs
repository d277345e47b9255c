using P2PDB.Engine.Types.Json;

namespace P2PDB.Engine.Planning.JsonTables;

/// <summary>What stands in a column of JSON_TABLE in place of a value: NULL, an error, or another value.</summary>
/// <param name="IsError">True for ERROR.</param>
/// <param name="Default">The value of DEFAULT, else null.</param>
internal readonly record struct JsonTableAnswer(bool IsError, JsonItem? Default);
