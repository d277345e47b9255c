using System.Text.Json;

namespace P2PDB.Host.Options;

/// <summary>Reads <c>p2pdb.json</c>: an object of settings, each a text or an array of texts. Comments and trailing commas are allowed.</summary>
internal static class SettingsFile
{
    public const string Name = "p2pdb.json";

    /// <summary>The settings of a file by name; none where there is no file.</summary>
    /// <exception cref="SettingsException">The file is no such object.</exception>
    public static Dictionary<string, string[]> Read(string path) => File.Exists(path) ? Parse(File.ReadAllBytes(path), path) : [];

    /// <summary>The settings in a file's bytes; <paramref name="path"/> is for the message.</summary>
    /// <exception cref="SettingsException">They are no such object.</exception>
    public static Dictionary<string, string[]> Parse(ReadOnlyMemory<byte> file, string path)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(file,
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            Dictionary<string, string[]> settings = [];
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                string name = property.Name;
                if (!SettingNames.All.Contains(name) || name == "data")
                    throw new SettingsException($"{path}: there is no setting '{name}'; it can have {SettingNames.InFile}");
                settings[name] = Texts(path, property);
            }

            return settings;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new SettingsException($"{path} is not a JSON object of settings: {e.Message}");
        }
    }

    private static string[] Texts(string path, JsonProperty property) => property.Value.ValueKind switch
    {
        JsonValueKind.String => [property.Value.GetString()!],
        JsonValueKind.Array => Elements(path, property),
        _ => throw new SettingsException($"{path}: '{property.Name}' must be a text or an array of texts"),
    };

    private static string[] Elements(string path, JsonProperty property)
    {
        string[] texts = new string[property.Value.GetArrayLength()];
        int count = 0;
        foreach (JsonElement element in property.Value.EnumerateArray())
        {
            texts[count++] = element.ValueKind == JsonValueKind.String
                ? element.GetString()!
                : throw new SettingsException($"{path}: '{property.Name}' must hold texts only");
        }

        return texts;
    }
}
