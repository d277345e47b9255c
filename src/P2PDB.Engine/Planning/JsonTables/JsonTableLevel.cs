using P2PDB.Engine.Types.Json;

namespace P2PDB.Engine.Planning.JsonTables;

/// <summary>A path of JSON_TABLE, its own or a nested one: each value that it finds is a row, or several with those of the paths nested in it.</summary>
/// <param name="Path">The path.</param>
/// <param name="Fields">Its columns.</param>
/// <param name="Nested">The paths nested in it, whose rows come one path after the other.</param>
internal sealed record JsonTableLevel(JsonPath Path, JsonTableField[] Fields, JsonTableLevel[] Nested);
