using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace P2PDB.Peers;

/// <summary>Values of one length: printable text that does not compress, which may begin with the time at which it was made.</summary>
internal sealed class ValueMaker(int length)
{
    /// <summary>Digits of the time, in nanoseconds of the monotonic clock, which all processes of one machine share.</summary>
    public const int StampLength = 20;

    private readonly byte[] _random = new byte[(length * 3 / 4) + 3];
    private readonly byte[] _text = new byte[Base64.GetMaxEncodedToUtf8Length((length * 3 / 4) + 3)];

    /// <summary>The next value; valid until the one after it.</summary>
    public ReadOnlySpan<byte> Next()
    {
        RandomNumberGenerator.Fill(_random);
        Base64.EncodeToUtf8(_random, _text, out _, out _);
        return _text.AsSpan(0, length);
    }

    /// <summary>The next value, beginning with the time.</summary>
    public ReadOnlySpan<byte> NextStamped()
    {
        Next();
        Now().TryFormat(_text, out _, "D20");
        return _text.AsSpan(0, length);
    }

    /// <summary>Milliseconds since a value was stamped.</summary>
    public static double MillisecondsSince(ReadOnlySpan<byte> value) =>
        (Now() - long.Parse(Encoding.ASCII.GetString(value[..StampLength]), null)) / 1e6;

    // CLOCK_MONOTONIC in nanoseconds: Stopwatch's frequency on Linux is 1e9.
    private static long Now() => Stopwatch.GetTimestamp();
}
