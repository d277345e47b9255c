using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace P2PDB.Host.Commands.TestPeer;

/// <summary>The data of the messages that <c>pub</c> and <c>--publish</c> send, by the number of the message.</summary>
internal static class PublishedContent
{
    private const int NumberLength = 4;
    private const byte Filling = 65;

    /// <summary>Reads which of <c>text</c>, <c>hex</c> and <c>size</c> a command has.</summary>
    /// <exception cref="CommandFailedException">None of them, more than one, or one that cannot be used.</exception>
    public static Func<int, byte[]> Read(CommandRequest request, int count)
    {
        string? text = request.TextOrNull("text");
        string? hex = request.TextOrNull("hex");
        long? length = request.NumberOrNull("size", NumberLength, Network.Limits.GossipDataLengthMax);
        return (text, hex, length) switch
        {
            (not null, null, null) => FromText(text, count),
            (null, not null, null) => FromHex(hex),
            (null, null, not null) => number => Numbered(number, (int)length.Value),
            _ => throw new CommandFailedException("BadField", "exactly one of 'text', 'hex' and 'size' is needed"),
        };
    }

    /// <summary>The text as it is for one message, with <c>#</c> and the number for several.</summary>
    public static Func<int, byte[]> FromText(string text, int count) => number =>
        Encoding.UTF8.GetBytes(count == 1 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}#{number}"));

    private static Func<int, byte[]> FromHex(string hex)
    {
        try
        {
            byte[] bytes = Convert.FromHexString(hex);
            return _ => bytes;
        }
        catch (FormatException)
        {
            throw new CommandFailedException("BadField", "'hex' must be pairs of hex digits");
        }
    }

    private static byte[] Numbered(int number, int length)
    {
        byte[] bytes = new byte[length];
        bytes.AsSpan().Fill(Filling);
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
