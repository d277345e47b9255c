using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Numerics;

namespace P2PDB.Engine.Accounts;

/// <summary>
/// Host patterns of accounts: a name or address, one with the wildcards % and _, an IPv4 network with its mask
/// (10.1.0.0/255.255.0.0) or prefix (10.1.0.0/16), or an IPv6 network with its prefix.
/// </summary>
internal static class HostPattern
{
    /// <summary>
    /// True where a client from a host may be the account's; a client of this machine's loopback is <c>localhost</c> too, and one of
    /// <c>localhost</c>, by a socket file or told without its address, comes from the loopback.
    /// </summary>
    public static bool Matches(string pattern, string host)
    {
        if (Like(pattern, host, canEscape: false))
            return true;
        if (!IPAddress.TryParse(host, out IPAddress? address))
            return host.Equals("localhost", StringComparison.OrdinalIgnoreCase) && (Matches(pattern, "127.0.0.1") || Matches(pattern, "::1"));
        return IPAddress.IsLoopback(address) && pattern.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (pattern.Contains('/') && IsInNetwork(pattern, address));
    }

    /// <summary>
    /// How specific a pattern is, the most specific first: hosts without wildcards, then networks by their length, then patterns by how much
    /// stands before their first wildcard.
    /// </summary>
    public static int Rank(string pattern)
    {
        if (pattern.Contains('/'))
            return 1_000 - Math.Clamp(PrefixOf(pattern), 0, 128);
        int wildcard = pattern.AsSpan().IndexOfAny('%', '_');
        return wildcard < 0 && pattern.Length > 0 ? 0 : 3_000 - Math.Max(wildcard, 0);
    }

    /// <summary>True for a text that % and _ in a pattern stand for, without regard to case; a backslash may take their meaning from them.</summary>
    public static bool Like(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text, bool canEscape)
    {
        int p = 0;
        int t = 0;
        int starPattern = -1;
        int starText = 0;
        while (t < text.Length)
        {
            bool isEscaped = canEscape && p + 1 < pattern.Length && pattern[p] == '\\';
            int at = isEscaped ? p + 1 : p;
            if (!isEscaped && p < pattern.Length && pattern[p] == '%')
            {
                starPattern = ++p;
                starText = t;
            }
            else if (at < pattern.Length
                && ((!isEscaped && pattern[at] == '_') || char.ToLowerInvariant(pattern[at]) == char.ToLowerInvariant(text[t])))
            {
                p = at + 1;
                t++;
            }
            else if (starPattern >= 0)
            {
                p = starPattern;
                t = ++starText;
            }
            else
            {
                return false;
            }
        }

        while (p < pattern.Length && pattern[p] == '%')
            p++;
        return p == pattern.Length;
    }

    private static bool IsInNetwork(string pattern, IPAddress address)
    {
        int slash = pattern.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(pattern.AsSpan(0, slash), out IPAddress? network))
            return false;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        int prefix = PrefixOf(pattern);
        if (network.AddressFamily != address.AddressFamily || prefix < 0)
            return false;
        byte[] wanted = network.GetAddressBytes();
        byte[] given = address.GetAddressBytes();
        for (int bit = 0; bit < prefix; bit++)
        {
            int mask = 0x80 >> (bit & 7);
            if (((wanted[bit >> 3] ^ given[bit >> 3]) & mask) != 0)
                return false;
        }

        return true;
    }

    /// <summary>The bits of a network that count; -1 where the mask is none.</summary>
    private static int PrefixOf(string pattern)
    {
        int slash = pattern.IndexOf('/', StringComparison.Ordinal);
        if (!IPAddress.TryParse(pattern.AsSpan(0, slash), out IPAddress? network))
            return -1;
        int lengthMax = network.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        ReadOnlySpan<char> mask = pattern.AsSpan(slash + 1);
        if (int.TryParse(mask, NumberStyles.None, CultureInfo.InvariantCulture, out int prefix))
            return prefix <= lengthMax ? prefix : -1;
        if (!IPAddress.TryParse(mask, out IPAddress? bits) || bits.AddressFamily != AddressFamily.InterNetwork || lengthMax != 32)
            return -1;
        uint value = BinaryPrimitives.ReadUInt32BigEndian(bits.GetAddressBytes());
        int ones = BitOperations.LeadingZeroCount(~value);
        return ones == 32 || value << ones == 0 ? ones : -1;
    }
}
