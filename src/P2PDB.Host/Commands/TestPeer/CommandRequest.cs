using System.Text.Json;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>The fields of one command line. A field that is missing or of another type fails the command.</summary>
internal readonly struct CommandRequest(JsonElement fields)
{
    /// <summary>The command's name; empty where the line has none.</summary>
    public string Name => TextOrNull("cmd") ?? "";

    /// <summary>The id of the reply, as it came; undefined where the line has none.</summary>
    public JsonElement Id => fields.TryGetProperty("id", out JsonElement id) ? id : default;

    /// <summary>A text that must be there.</summary>
    public string Text(string name) => TextOrNull(name) ?? throw Missing(name, "a text");

    /// <summary>A text, or null where there is no such field.</summary>
    public string? TextOrNull(string name)
    {
        if (!fields.TryGetProperty(name, out JsonElement value))
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Missing(name, "a text");
    }

    /// <summary>A whole number that must be there.</summary>
    public long Number(string name, long min, long max) => NumberOrNull(name, min, max) ?? throw Missing(name, "a number");

    /// <summary>A whole number with a default.</summary>
    public long Number(string name, long min, long max, long otherwise) => NumberOrNull(name, min, max) ?? otherwise;

    /// <summary>A whole number, or null where there is no such field.</summary>
    public long? NumberOrNull(string name, long min, long max)
    {
        if (!fields.TryGetProperty(name, out JsonElement value))
            return null;
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= min && number <= max
            ? number
            : throw Missing(name, $"a whole number from {min} to {max}");
    }

    private static CommandFailedException Missing(string name, string what) => new("BadField", $"'{name}' must be {what}");
}
