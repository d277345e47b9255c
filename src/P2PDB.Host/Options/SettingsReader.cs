using System.Globalization;
using System.Net;

namespace P2PDB.Host.Options;

/// <summary>
/// Finds each setting's value: the flag wins, then the environment variable <c>P2PDB_…</c>, then <c>p2pdb.json</c> in the
/// data directory, then the default. A name in the file is the flag's without its dashes; a list is an array.
/// </summary>
internal sealed class SettingsReader
{
    private readonly IReadOnlyDictionary<string, string[]> _flags;
    private readonly Func<string, string?> _environment;
    private Dictionary<string, string[]> _file = [];

    /// <param name="flags">Values given on the command line by name without dashes; absent names were not given.</param>
    /// <param name="environment">Reads one environment variable.</param>
    public SettingsReader(IReadOnlyDictionary<string, string[]> flags, Func<string, string?> environment)
    {
        _flags = flags;
        _environment = environment;
    }

    /// <summary>Reads all settings.</summary>
    /// <exception cref="SettingsException">A value cannot be used.</exception>
    public NodeSettings Read()
    {
        string data = Path.GetFullPath(One("data")?.Value ?? "data");
        _file = SettingsFile.Read(Path.Combine(data, SettingsFile.Name));

        IReadOnlyList<string> p2p = Many("p2p", ["/ip4/127.0.0.1/tcp/4001"]);
        bool p2pIsOff = p2p is ["off"];
        return new NodeSettings
        {
            DataDirectory = data,
            MySql = EndPoint("mysql", "127.0.0.1:3306"),
            P2p = p2pIsOff ? [] : p2p,
            Peers = Many("peer", []),
            Http = EndPoint("http", "off"),
            Mdns = Choice("mdns", "", "on", "off") switch { "on" => true, "off" => false, _ => null },
            Store = Choice("store", "file", "file", "memory"),
            StoreMemory = Size("store-memory", 128L << 20, 16L << 20),
            CheckpointInterval = Size("checkpoint-interval", 64L << 20, 64L << 10),
            LocalInfile = Choice("local-infile", "off", "on", "off") == "on",
            SecureFilePriv = One("secure-file-priv")?.Value,
            PasswordFile = One("password-file")?.Value,
            Tls = Choice("tls", "on", "on", "off") == "on",
            TlsCertificateFile = One("tls-cert")?.Value,
            TlsKeyFile = One("tls-key")?.Value,
        };
    }

    private IReadOnlyList<string> Many(string name, IReadOnlyList<string> otherwise)
    {
        if (_flags.TryGetValue(name, out string[]? given) && given.Length > 0)
            return given;
        if (_environment(SettingNames.Variable(name)) is { Length: > 0 } text)
            return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return _file.TryGetValue(name, out string[]? written) ? written : otherwise;
    }

    private (string Value, string Source)? One(string name)
    {
        if (_flags.TryGetValue(name, out string[]? given) && given.Length > 0)
            return (given[^1], "--" + name);
        if (_environment(SettingNames.Variable(name)) is { Length: > 0 } text)
            return (text, SettingNames.Variable(name));
        return _file.TryGetValue(name, out string[]? written) && written.Length > 0
            ? (written[^1], $"{SettingsFile.Name} '{name}'")
            : null;
    }

    private string Choice(string name, string otherwise, params ReadOnlySpan<string> allowed)
    {
        if (One(name) is not { } setting)
            return otherwise;

        foreach (string value in allowed)
        {
            if (value == setting.Value)
                return value;
        }

        throw new SettingsException($"{setting.Source} is '{setting.Value}'; it can be {string.Join(" or ", allowed!)}");
    }

    private long Size(string name, long otherwise, long min)
    {
        if (One(name) is not { } setting)
            return otherwise;

        ReadOnlySpan<char> digits = setting.Value;
        int shift = setting.Value is [.., var unit] && "KMG".IndexOf(char.ToUpperInvariant(unit), StringComparison.Ordinal) is >= 0 and var place
            ? 10 * (place + 1)
            : 0;
        if (shift > 0)
            digits = digits[..^1];
        if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= long.MaxValue >> shift
            && number << shift >= min)
        {
            return number << shift;
        }

        throw new SettingsException($"{setting.Source} is '{setting.Value}'; write bytes, or a number with K, M or G, of at least {min >> 10}K");
    }

    private IPEndPoint? EndPoint(string name, string otherwise)
    {
        (string value, string source) = One(name) ?? (otherwise, "--" + name);
        if (value == "off")
            return null;

        int colon = value.LastIndexOf(':');
        string host = colon < 0 ? "" : value[..colon];
        if (host == "localhost")
            host = "127.0.0.1";
        if (colon > 0
            && IPAddress.TryParse(host, out IPAddress? address)
            && ushort.TryParse(value.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            return new IPEndPoint(address, port);
        }

        throw new SettingsException($"{source} is '{value}'; write an address and a port such as 127.0.0.1:3306 (port 0 is any free one), or off");
    }
}
