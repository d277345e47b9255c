namespace P2PDB.Host.Options;

/// <summary>The names of all settings, without the dashes of their flags. They are promises to scripts.</summary>
internal static class SettingNames
{
    public static readonly string[] All =
    [
        "data", "mysql", "p2p", "peer", "http", "mdns", "store", "store-memory", "checkpoint-interval", "local-infile", "secure-file-priv", "password-file",
        "tls", "tls-cert", "tls-key",
    ];

    /// <summary>The names that the settings file may use, as a text for messages.</summary>
    public static string InFile { get; } = string.Join(", ", All[1..]);

    /// <summary>The environment variable of a setting: <c>password-file</c> is <c>P2PDB_PASSWORD_FILE</c>.</summary>
    public static string Variable(string name) => "P2PDB_" + name.Replace('-', '_').ToUpperInvariant();
}
