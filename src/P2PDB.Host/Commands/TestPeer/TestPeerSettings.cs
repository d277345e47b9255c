using System.Buffers;
using System.Globalization;
using P2PDB.Host.Options;
using P2PDB.Network.Multiaddr;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>What a test peer is started with. Made by <see cref="TestPeerCommand"/> from the contract's flags.</summary>
internal sealed record TestPeerSettings
{
    private const int SeedDigitCountMax = 64;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Where it listens.</summary>
    public IReadOnlyList<Multiaddress> Listen { get; init; } = [Multiaddress.Parse("/ip4/127.0.0.1/tcp/0")];

    /// <summary>The seed of its key, 32 bytes; null for a new key.</summary>
    public byte[]? Seed { get; init; }

    /// <summary>What it dials once it listens.</summary>
    public IReadOnlyList<Multiaddress> Dial { get; init; } = [];

    /// <summary>The topics it subscribes at the start.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>What it publishes a little later.</summary>
    public IReadOnlyList<ScheduledPublication> Publications { get; init; } = [];

    /// <summary>Protocol ids of the echo protocol.</summary>
    public IReadOnlyList<string> Echo { get; init; } = [];

    /// <summary>Protocol ids of the sink protocol.</summary>
    public IReadOnlyList<string> Sink { get; init; } = [];

    /// <summary>Protocol ids of the halfclose protocol.</summary>
    public IReadOnlyList<string> HalfClose { get; init; } = [];

    /// <summary>Whether peers are discovered by mDNS, and dialled.</summary>
    public bool Mdns { get; init; }

    /// <summary>Pause between mDNS queries.</summary>
    public TimeSpan MdnsInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether the muxer may be agreed inside the Noise handshake.</summary>
    public bool EarlyMuxer { get; init; } = true;

    /// <summary>Whether gossip messages are signed.</summary>
    public bool Signs { get; init; } = true;

    /// <summary>Whether own messages go to all peers of their topic.</summary>
    public bool FloodPublish { get; init; }

    /// <summary>Whether received messages are counted only.</summary>
    public bool IsQuiet { get; init; }

    /// <summary>Ends the peer after this time; null leaves that to the end of stdin.</summary>
    public TimeSpan? ExitAfter { get; init; }

    /// <summary>Reads <c>--seed</c>: 1 to 64 hex digits, zeros before them.</summary>
    /// <exception cref="SettingsException">It is not of that form.</exception>
    public static byte[] ParseSeed(string digits)
    {
        return digits.Length is > 0 and <= SeedDigitCountMax && !digits.AsSpan().ContainsAnyExcept(HexDigits)
            ? Convert.FromHexString(digits.PadLeft(SeedDigitCountMax, '0'))
            : throw new SettingsException($"--seed is '{digits}'; write 1 to {SeedDigitCountMax} hex digits");
    }

    /// <summary>Reads a whole number of milliseconds.</summary>
    /// <exception cref="SettingsException">It is none, or less than <paramref name="min"/>.</exception>
    public static TimeSpan ParseMilliseconds(string flag, string digits, int min) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int milliseconds) && milliseconds >= min
            ? TimeSpan.FromMilliseconds(milliseconds)
            : throw new SettingsException($"{flag} is '{digits}'; write a whole number of milliseconds from {min} on");

    /// <summary>Reads multiaddrs.</summary>
    /// <exception cref="SettingsException">One of them is none.</exception>
    public static IReadOnlyList<Multiaddress> ParseAddresses(string flag, IReadOnlyList<string> texts)
    {
        List<Multiaddress> addresses = [];
        foreach (string text in texts)
        {
            addresses.Add(Multiaddress.TryParse(text, out Multiaddress? address)
                ? address!
                : throw new SettingsException($"{flag} is '{text}', which is not a multiaddr such as /ip4/127.0.0.1/tcp/4001"));
        }

        return addresses;
    }
}
