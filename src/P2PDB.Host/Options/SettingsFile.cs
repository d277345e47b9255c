using System.Text.Json;
using System.Text.Unicode;

namespace P2PDB.Host.Options;

/// <summary>Reads <c>p2pdb.json</c>: an object of settings, each a text or an array of texts. Comments and trailing commas are allowed.</summary>
internal static class SettingsFile
{
    public const string Name = "p2pdb.json";

    /// <summary>Characters of each end of a text that a message quotes.</summary>
    private const int QuotedEndLength = 100;

    /// <summary>The settings of a file by name; none where there is no file.</summary>
    /// <exception cref="SettingsException">The file is no such object.</exception>
    public static Dictionary<string, string[]> Read(string path) => File.Exists(path) ? Parse(File.ReadAllBytes(path), path) : [];

    /// <summary>The settings in a file's bytes; <paramref name="path"/> is for the message.</summary>
    /// <exception cref="SettingsException">They are no such object.</exception>
    public static Dictionary<string, string[]> Parse(ReadOnlySpan<byte> file, string path)
    {
        if (!Utf8.IsValid(file))
            throw new SettingsException($"{path} is not a JSON object of settings: it is not UTF-8");

        var reader = new Utf8JsonReader(file, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        Dictionary<string, string[]> settings = [];
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new SettingsException($"{path} is not a JSON object of settings");

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                string name = ReadName(ref reader, path);
                settings[name] = ReadTexts(ref reader, path, name);
            }

            reader.Read(); // Fails if anything follows the object.
            return settings;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new SettingsException($"{path} is not a JSON object of settings: {Quote(e.Message)}");
        }
    }

    private static string ReadName(ref Utf8JsonReader reader, string path)
    {
        foreach (string name in SettingNames.All)
        {
            if (name != "data" && reader.ValueTextEquals(name))
                return name;
        }

        throw new SettingsException($"{path}: there is no setting '{Quote(reader.GetString()!)}'; it can have {SettingNames.InFile}");
    }

    private static string[] ReadTexts(ref Utf8JsonReader reader, string path, string name)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
            return [reader.GetString()!];
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new SettingsException($"{path}: '{name}' must be a text or an array of texts");

        string[] texts = new string[CountElements(reader)];
        foreach (ref string text in texts.AsSpan())
        {
            reader.Read();
            text = reader.TokenType == JsonTokenType.String
                ? reader.GetString()!
                : throw new SettingsException($"{path}: '{name}' must hold texts only");
        }

        reader.Read();
        return texts;
    }

    // The reader is a copy: the caller's stays at the start of the array.
    private static int CountElements(Utf8JsonReader reader)
    {
        int count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            reader.Skip();
            count++;
        }

        return count;
    }

    private static string Quote(string text) =>
        text.Length <= 2 * QuotedEndLength ? text : $"{text.AsSpan(0, QuotedEndLength)} … {text.AsSpan(text.Length - QuotedEndLength)}";
}
