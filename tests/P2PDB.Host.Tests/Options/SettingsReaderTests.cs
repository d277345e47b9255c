using System.Net;
using P2PDB.Host.Options;

namespace P2PDB.Host.Tests.Options;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("p2pdb-settings").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public void Nothing_given_is_a_node_on_loopback()
    {
        NodeSettings settings = Read([], []);

        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 3306), settings.MySql);
        Assert.Equal(["/ip4/127.0.0.1/tcp/4001"], settings.P2p);
        Assert.Null(settings.Http);
        Assert.Null(settings.Mdns);
        Assert.False(settings.LocalInfile);
        Assert.Null(settings.SecureFilePriv);
        Assert.Equal(_data, settings.DataDirectory);
    }

    [Fact]
    public void Flag_wins_over_environment_wins_over_file_wins_over_default()
    {
        WriteFile("""{ "mysql": "127.0.0.1:1", "http": "127.0.0.1:1", "store": "memory", "peer": ["/a", "/b"] }""");

        NodeSettings settings = Read(
            new() { ["mysql"] = ["127.0.0.1:3"] },
            new() { ["P2PDB_MYSQL"] = "127.0.0.1:2", ["P2PDB_HTTP"] = "127.0.0.1:2" });

        Assert.Equal(3, settings.MySql!.Port);
        Assert.Equal(2, settings.Http!.Port);
        Assert.Equal(["/a", "/b"], settings.Peers);
    }

    [Fact]
    public void Off_switches_a_part_off()
    {
        NodeSettings settings = Read(new() { ["mysql"] = ["off"], ["p2p"] = ["off"] }, []);

        Assert.Null(settings.MySql);
        Assert.Empty(settings.P2p);
    }

    [Theory]
    [InlineData("mysql", "3306")]
    [InlineData("mysql", "127.0.0.1:66000")]
    [InlineData("mysql", "example:1")]
    [InlineData("mdns", "maybe")]
    [InlineData("store", "disk")]
    [InlineData("local-infile", "1")]
    [InlineData("store-memory", "15M")]
    [InlineData("store-memory", "128 M")]
    [InlineData("store-memory", "-1")]
    [InlineData("checkpoint-interval", "M")]
    [InlineData("checkpoint-interval", "9999999999G")]
    public void Bad_value_names_its_source(string name, string value)
    {
        Assert.StartsWith("--" + name, Assert.Throws<SettingsException>(() => Read(new() { [name] = [value] }, [])).Message, StringComparison.Ordinal);

        string variable = SettingNames.Variable(name);
        Assert.StartsWith(variable, Assert.Throws<SettingsException>(() => Read([], new() { [variable] = value })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("134217728", 128L << 20)]
    [InlineData("65536k", 64L << 20)]
    [InlineData("16M", 16L << 20)]
    [InlineData("2G", 2L << 30)]
    public void Size_has_a_unit_or_is_bytes(string text, long bytes) =>
        Assert.Equal(bytes, Read(new() { ["store-memory"] = [text] }, []).StoreMemory);

    [Theory]
    [InlineData("""{ "mysqll": "off" }""")]
    [InlineData("""{ "mysql": 3306 }""")]
    [InlineData("""{ "peer": [1] }""")]
    [InlineData("""{ "data": "x" }""")]
    [InlineData("""{ "peer": [["a"]] }""")]
    [InlineData("""{ "peer": ["a" }""")]
    [InlineData("""{ "peer": "\ud800" }""")]
    [InlineData("""{} {}""")]
    [InlineData("""[]""")]
    [InlineData("""{""")]
    [InlineData("")]
    public void Bad_file_is_named(string content)
    {
        WriteFile(content);

        Assert.Contains(SettingsFile.Name, Assert.Throws<SettingsException>(() => Read([], [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_that_is_no_text_is_named()
    {
        File.WriteAllBytes(Path.Combine(_data, SettingsFile.Name), [.. "{ \"mysql\": \""u8, 0xFF, .. "\" }"u8]);

        Assert.Contains(SettingsFile.Name, Assert.Throws<SettingsException>(() => Read([], [])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_may_have_comments_trailing_commas_and_a_setting_twice()
    {
        WriteFile("""{ "store": "memory", /* so */ "peer": ["/a", "\u002fb", ], "mdns": "off", "mdns": "on", } // end""");

        NodeSettings settings = Read([], []);

        Assert.Equal("memory", settings.Store);
        Assert.Equal(["/a", "/b"], settings.Peers);
        Assert.True(settings.Mdns);
    }

    [Theory]
    [InlineData("{ \"x0\": 1 }")]
    [InlineData("{ \"mysql\": tx0 }")]
    public void Message_quotes_no_more_than_the_ends_of_a_long_text(string content)
    {
        WriteFile(content.Replace("0", new string('y', 10_000), StringComparison.Ordinal));

        string message = Assert.Throws<SettingsException>(() => Read([], [])).Message;

        Assert.Contains("xyyy", message, StringComparison.Ordinal);
        Assert.InRange(message.Length, 0, 1000);
    }

    private void WriteFile(string content) => File.WriteAllText(Path.Combine(_data, SettingsFile.Name), content);

    private NodeSettings Read(Dictionary<string, string[]> flags, Dictionary<string, string> environment)
    {
        flags["data"] = [_data];
        return new SettingsReader(flags, environment.GetValueOrDefault).Read();
    }
}
