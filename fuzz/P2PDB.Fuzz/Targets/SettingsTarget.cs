using System.Text;
using P2PDB.Host.Options;

namespace P2PDB.Fuzz.Targets;

/// <summary>
/// Input: u8 kind, then a settings file, or lines of settings from the environment. They are settings or end with the one exception that names what is wrong; an address
/// that was read, written as text, is read as the same.
/// </summary>
internal sealed class SettingsTarget : IFuzzTarget
{
    // Where there is no file, so that nothing of this machine is read.
    private static readonly string Nowhere = Path.Combine(Path.GetTempPath(), "p2pdb-fuzz-no-such-folder");

    public string Name => "settings";

    public IReadOnlyList<string> Decoder => ["P2PDB.Host/Options/SettingsFile.cs", "P2PDB.Host/Options/SettingsReader.cs"];

    // The settings and their table; an exception, its message and the stack that it is thrown through.
    public int AllocationSlack => 8 * 1024;

    // A list in the environment may have a text, an object of 24 bytes and a place in an array, for every two bytes; empty elements cost a
    // second array. Of the file, where a text is four bytes, 8 × is the most. Only the operator writes either.
    public int AllocationFactor => 20;

    public IReadOnlyList<byte[]> Words { get; } = Array.ConvertAll(
        "\"mysql\" \"peer\" \"http\" \"mdns\" \"store\" \"password-file\" : , [ ] { } \"off\" // /* */ \n 127.0.0.1:3306 [::1]:80 localhost:0 on memory".Split(' '),
        Encoding.UTF8.GetBytes);

    public IEnumerable<byte[]> Seeds =>
    [
        [0, .. "{}"u8],
        [0, .. "{ \"mysql\": \"127.0.0.1:3306\", \"peer\": [\"/ip4/1.2.3.4/tcp/1\", \"b\\u00e9\"], /* so */ \"mdns\": \"on\", }"u8],
        [0, .. "{ \"http\": [] , \"store\": 1 }"u8],
        [1, .. "mysql=localhost:0\nhttp=[::1]:8080\npeer=a, b,,c\nmdns=on\nstore=file\npassword-file=p"u8],
        [1, .. "p2p=off\nmysql=off"u8],
        // As many short elements as there can be, and long texts that a message may quote.
        [0, .. "{\"peer\":["u8, .. Repeat("\"a\","u8, 1000), .. "]}"u8],
        [0, .. "{"u8, .. Repeat("\"p2p\":\"a\","u8, 400), .. "}"u8],
        [0, .. "{\""u8, .. Repeat("a"u8, 4000), .. "\":1}"u8],
        [0, .. "{\"peer\":t"u8, .. Repeat("a"u8, 4000)],
        [0, .. "{\"peer\":t"u8, .. Repeat([0xFF], 4000)],
        [1, .. "peer="u8, .. Repeat("a,"u8, 2000)],
        [1, .. "peer="u8, .. Repeat(","u8, 4000)],
        [1, .. "mysql="u8, .. Repeat("a"u8, 4000)],
    ];

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;
        byte[] text = input[1..].ToArray();
        Dictionary<string, string> environment = (input[0] & 1) == 0 ? [] : LinesOf(text);
        probe.BeginDecoding();
        try
        {
            if ((input[0] & 1) == 0)
                RunFile(text, probe);
            else
                RunEnvironment(environment, probe);
            return true;
        }
        catch (SettingsException wrong)
        {
            probe.EndDecoding();
            FuzzLaw.Require(wrong.Message.Length > 0, "what is wrong is said");
            return false;
        }
    }

    private static void RunFile(byte[] text, FuzzProbe probe)
    {
        Dictionary<string, string[]> settings = SettingsFile.Parse(text, SettingsFile.Name);
        probe.EndDecoding();
        probe.Reached(settings.Count);
        foreach ((string name, string[] values) in settings)
        {
            FuzzLaw.Require(SettingNames.All.Contains(name), "only settings that there are");
            probe.Reached(100 + Math.Min(values.Length, 50));
        }
    }

    private static void RunEnvironment(Dictionary<string, string> environment, FuzzProbe probe)
    {
        NodeSettings settings = Read(environment);
        probe.EndDecoding();
        probe.Reached(200 + settings.P2p.Count + (settings.Mdns == true ? 20 : 0) + (settings.Http is null ? 40 : 0));
        environment[SettingNames.Variable("mysql")] = settings.MySql?.ToString() ?? "off";
        environment[SettingNames.Variable("http")] = settings.Http?.ToString() ?? "off";
        NodeSettings again = Read(environment);
        FuzzLaw.Require(Equals(again.MySql, settings.MySql) && Equals(again.Http, settings.Http), "an address reads as it was written");
        FuzzLaw.Require(again.Peers.SequenceEqual(settings.Peers), "peers stay the same");
    }

    private static NodeSettings Read(Dictionary<string, string> environment) =>
        new SettingsReader(new Dictionary<string, string[]> { ["data"] = [Nowhere] }, environment.GetValueOrDefault).Read();

    private static byte[] Repeat(ReadOnlySpan<byte> element, int count)
    {
        byte[] elements = new byte[element.Length * count];
        for (int i = 0; i < elements.Length; i += element.Length)
            element.CopyTo(elements.AsSpan(i));
        return elements;
    }

    private static Dictionary<string, string> LinesOf(byte[] text)
    {
        Dictionary<string, string> lines = [];
        foreach (string line in Encoding.UTF8.GetString(text).Split('\n'))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                lines[SettingNames.Variable(line[..equals])] = line[(equals + 1)..];
        }

        return lines;
    }
}
