using System.CommandLine;
using P2PDB.Host.Options;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>
/// <c>p2pdb peer</c>: a bare libp2p peer that is driven by JSON lines, version 1 of the test-peer contract (docs/protocols/test-peer.md).
/// </summary>
internal static class TestPeerCommand
{
    private static readonly Option<string[]> Listen = Many("--listen", "MULTIADDR", "Listens here; may be repeated [default: /ip4/127.0.0.1/tcp/0].");
    private static readonly Option<string?> Seed = One("--seed", "HEX", "Seed of the Ed25519 key, 1 to 64 hex digits [default: a new key].");
    private static readonly Option<string[]> Dial = Many("--dial", "MULTIADDR", "Dials once it listens; may be repeated.");
    private static readonly Option<string[]> Topic = Many("--topic", "TOPIC", "Subscribes at the start; may be repeated.");
    private static readonly Option<string[]> Publish = Many("--publish", "TOPIC:TEXT[:COUNT[:EVERYMS]]", "Publishes 2.5 s after the start; may be repeated.");
    private static readonly Option<string[]> Echo = Many("--echo", "PROTOCOL", "Serves the echo protocol; may be repeated.");
    private static readonly Option<string[]> Sink = Many("--sink", "PROTOCOL", "Serves the sink protocol; may be repeated.");
    private static readonly Option<string[]> HalfClose = Many("--halfclose", "PROTOCOL", "Serves the halfclose protocol; may be repeated.");
    private static readonly Option<bool> Mdns = Switch("--mdns", "Discovers peers by mDNS and dials them.");
    private static readonly Option<string?> MdnsInterval = One("--mdns-interval", "MS", "Pause between mDNS queries [default: 2000].");
    private static readonly Option<bool> NoEarlyMuxer = Switch("--no-early-muxer", "Leaves the muxer to multistream.");
    private static readonly Option<bool> NoSign = Switch("--nosign", "Gossip without authors and signatures (StrictNoSign).");
    private static readonly Option<bool> Flood = Switch("--flood", "Sends own gossip to all peers of the topic.");
    private static readonly Option<bool> Quiet = Switch("--quiet", "Counts gossip messages instead of reporting them.");
    private static readonly Option<string?> ExitAfter = One("--exit-after", "MS", "Ends after this time, not with stdin.");

    public static Command Create()
    {
        var command = new Command("peer", "Runs a bare libp2p test peer, driven by JSON lines on stdin and stdout.")
        {
            Listen, Seed, Dial, Topic, Publish, Echo, Sink, HalfClose, Mdns, MdnsInterval, NoEarlyMuxer, NoSign, Flood, Quiet, ExitAfter,
        };
        command.SetAction(async (line, cancellationToken) =>
        {
            TestPeerSettings settings;
            try
            {
                settings = Read(line);
            }
            catch (SettingsException failure)
            {
                await Console.Error.WriteLineAsync("p2pdb peer: " + failure.Message).ConfigureAwait(false);
                return ExitCode.BadUsage;
            }

            return await TestPeerProcess.RunAsync(settings, cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    /// <summary>Reads the flags.</summary>
    /// <exception cref="SettingsException">A value cannot be used.</exception>
    internal static TestPeerSettings Read(ParseResult line)
    {
        var usual = new TestPeerSettings();
        return new TestPeerSettings
        {
            Listen = line.GetValue(Listen) is { Length: > 0 } listen ? TestPeerSettings.ParseAddresses("--listen", listen) : usual.Listen,
            Seed = line.GetValue(Seed) is { } seed ? TestPeerSettings.ParseSeed(seed) : null,
            Dial = TestPeerSettings.ParseAddresses("--dial", line.GetValue(Dial) ?? []),
            Topics = line.GetValue(Topic) ?? [],
            Publications = Array.ConvertAll(line.GetValue(Publish) ?? [], ScheduledPublication.Parse),
            Echo = line.GetValue(Echo) ?? [],
            Sink = line.GetValue(Sink) ?? [],
            HalfClose = line.GetValue(HalfClose) ?? [],
            Mdns = line.GetValue(Mdns),
            MdnsInterval = line.GetValue(MdnsInterval) is { } pause ? TestPeerSettings.ParseMilliseconds("--mdns-interval", pause, min: 1) : usual.MdnsInterval,
            EarlyMuxer = !line.GetValue(NoEarlyMuxer),
            Signs = !line.GetValue(NoSign),
            FloodPublish = line.GetValue(Flood),
            IsQuiet = line.GetValue(Quiet),
            ExitAfter = line.GetValue(ExitAfter) is { } after ? TestPeerSettings.ParseMilliseconds("--exit-after", after, min: 0) : null,
        };
    }

    private static Option<string[]> Many(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value, AllowMultipleArgumentsPerToken = false };

    private static Option<string?> One(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value };

    private static Option<bool> Switch(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };
}
