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
        Assert.False(settings.Mdns);
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
    public void Bad_value_names_its_source(string name, string value)
    {
        Assert.StartsWith("--" + name, Assert.Throws<SettingsException>(() => Read(new() { [name] = [value] }, [])).Message, StringComparison.Ordinal);

        string variable = SettingNames.Variable(name);
        Assert.StartsWith(variable, Assert.Throws<SettingsException>(() => Read([], new() { [variable] = value })).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "mysqll": "off" }""")]
    [InlineData("""{ "mysql": 3306 }""")]
    [InlineData("""{ "peer": [1] }""")]
    [InlineData("""[]""")]
    [InlineData("""{""")]
    public void Bad_file_is_named(string content)
    {
        WriteFile(content);

        Assert.Contains(SettingsFile.Name, Assert.Throws<SettingsException>(() => Read([], [])).Message, StringComparison.Ordinal);
    }

    private void WriteFile(string content) => File.WriteAllText(Path.Combine(_data, SettingsFile.Name), content);

    private NodeSettings Read(Dictionary<string, string[]> flags, Dictionary<string, string> environment)
    {
        flags["data"] = [_data];
        return new SettingsReader(flags, environment.GetValueOrDefault).Read();
    }
}
