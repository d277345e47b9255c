using System.CommandLine;
using P2PDB.Host.Commands.TestPeer;
using P2PDB.Host.Options;

namespace P2PDB.Host.Tests.Commands;

/// <summary>The command line of the test-peer contract.</summary>
public class TestPeerCommandTests
{
    [Fact]
    public void Flags_are_read()
    {
        TestPeerSettings settings = Read(
            "--listen", "/ip4/127.0.0.1/tcp/0", "--listen", "/ip4/127.0.0.1/tcp/0/ws", "--seed", "1fF", "--dial", "/ip4/127.0.0.1/tcp/9",
            "--topic", "a", "--topic", "b", "--publish", "a:hello", "--publish", "b:hi:3:50", "--echo", "/e", "--sink", "/s", "--halfclose", "/h",
            "--mdns", "--mdns-interval", "700", "--no-early-muxer", "--nosign", "--flood", "--quiet", "--exit-after", "1500");

        Assert.Equal(["/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/tcp/0/ws"], settings.Listen.Select(address => address.ToString()));
        Assert.Equal(new string('0', 61) + "1ff", Convert.ToHexStringLower(settings.Seed!));
        Assert.Equal(["/ip4/127.0.0.1/tcp/9"], settings.Dial.Select(address => address.ToString()));
        Assert.Equal(["a", "b"], settings.Topics);
        Assert.Equal(
            [new("a", "hello", 1, TimeSpan.FromMilliseconds(200)), new ScheduledPublication("b", "hi", 3, TimeSpan.FromMilliseconds(50))],
            settings.Publications);
        Assert.Equal(["/e", "/s", "/h"], [.. settings.Echo, .. settings.Sink, .. settings.HalfClose]);
        Assert.Equal((true, false, false, true, true), (settings.Mdns, settings.EarlyMuxer, settings.Signs, settings.FloodPublish, settings.IsQuiet));
        Assert.Equal((700, 1500), (settings.MdnsInterval.TotalMilliseconds, settings.ExitAfter!.Value.TotalMilliseconds));
    }

    [Fact]
    public void Without_flags_it_listens_on_loopback_and_signs()
    {
        TestPeerSettings settings = Read();

        Assert.Equal(["/ip4/127.0.0.1/tcp/0"], settings.Listen.Select(address => address.ToString()));
        Assert.Null(settings.Seed);
        Assert.Equal((false, true, true, false, false), (settings.Mdns, settings.EarlyMuxer, settings.Signs, settings.FloodPublish, settings.IsQuiet));
        Assert.Equal(2000, settings.MdnsInterval.TotalMilliseconds);
        Assert.Null(settings.ExitAfter);
    }

    [Theory]
    [InlineData("--bogus")]
    [InlineData("word")]
    [InlineData("--kad", "server")]     // the optional parts
    [InlineData("--kad-proto", "/x")]
    [InlineData("--relay")]
    [InlineData("--autonat")]
    [InlineData("--dcutr")]
    [InlineData("--seed")]
    [InlineData("--seed", "xyz")]
    [InlineData("--seed", "")]
    [InlineData("--seed", "00000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("--listen", "localhost")]
    [InlineData("--dial", "/ip4/1.2.3/tcp/1")]
    [InlineData("--publish", "topic")]
    [InlineData("--publish", ":text")]
    [InlineData("--publish", "topic:text:many")]
    [InlineData("--publish", "topic:text:1:2:3")]
    [InlineData("--mdns-interval", "2s")]
    [InlineData("--mdns-interval", "0")]
    [InlineData("--exit-after", "-1")]
    [InlineData("--mdns", "yes")]
    public void Other_command_lines_are_refused(params string[] arguments) => Assert.ThrowsAny<Exception>(() => Read(arguments));

    private static TestPeerSettings Read(params string[] arguments)
    {
        ParseResult line = new RootCommand { TestPeerCommand.Create() }.Parse(["peer", .. arguments]);
        return line.Errors.Count == 0 ? TestPeerCommand.Read(line) : throw new SettingsException(line.Errors[0].Message);
    }
}
