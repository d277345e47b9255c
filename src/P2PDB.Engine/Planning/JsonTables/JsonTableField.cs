using P2PDB.Engine.Types;
using P2PDB.Engine.Types.Json;

namespace P2PDB.Engine.Planning.JsonTables;

/// <summary>One column of JSON_TABLE.</summary>
/// <param name="Kind">What it holds.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Ordinal">Its place in the row.</param>
internal sealed record JsonTableField(JsonTableFieldKind Kind, string Name, SqlType Type, int Ordinal)
{
    /// <summary>The path from the row's value, or null for the row's number.</summary>
    public JsonPath? Path { get; init; }

    /// <summary>The answer where the path finds nothing.</summary>
    public JsonTableAnswer OnEmpty { get; init; }

    /// <summary>The answer where what it finds is no value of the type.</summary>
    public JsonTableAnswer OnError { get; init; }
}
