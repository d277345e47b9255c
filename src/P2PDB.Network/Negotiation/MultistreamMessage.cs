// MULTISTREAM-SELECT 1.0 message: varint length (text and newline), text, '\n'.
using System.Text;
using P2PDB.Network.Protobuf;

namespace P2PDB.Network.Negotiation;

/// <summary>Codec of multistream-select messages.</summary>
internal static class MultistreamMessage
{
    /// <summary>The protocol id both ends open with.</summary>
    public const string Header = "/multistream/1.0.0";

    /// <summary>The answer to a protocol that is not served.</summary>
    public const string NotAvailable = "na";

    /// <summary>Longest encoded message: two bytes of length prefix and the text.</summary>
    public const int EncodedLengthMax = Limits.MultistreamMessageLengthMax + 2;

    /// <summary>Decodes the first message of the bytes.</summary>
    public static MultistreamStatus TryDecode(ReadOnlySpan<byte> source, out ReadOnlySpan<byte> text, out int consumed)
    {
        text = default;
        consumed = 0;
        int prefixLength = UnsignedVarint.TryRead(source, out ulong length);
        if (prefixLength == 0)
            return source.Length < 2 && (source.IsEmpty || source[0] >= 0x80) ? MultistreamStatus.Incomplete : MultistreamStatus.Malformed;

        if (length is 0 or > Limits.MultistreamMessageLengthMax)
            return MultistreamStatus.Malformed;

        if ((ulong)(source.Length - prefixLength) < length)
            return MultistreamStatus.Incomplete;

        ReadOnlySpan<byte> body = source.Slice(prefixLength, (int)length);
        if (body[^1] != (byte)'\n')
            return MultistreamStatus.Malformed;

        text = body[..^1];
        consumed = prefixLength + (int)length;
        return MultistreamStatus.Decoded;
    }

    /// <summary>Encodes a message; returns its length.</summary>
    public static int Encode(ReadOnlySpan<byte> text, Span<byte> target)
    {
        int length = UnsignedVarint.Write((ulong)text.Length + 1, target);
        text.CopyTo(target[length..]);
        length += text.Length;
        target[length++] = (byte)'\n';
        return length;
    }

    /// <summary>Encodes a message; returns its length.</summary>
    public static int Encode(string text, Span<byte> target)
    {
        int length = UnsignedVarint.Write((ulong)Encoding.UTF8.GetByteCount(text) + 1, target);
        length += Encoding.UTF8.GetBytes(text, target[length..]);
        target[length++] = (byte)'\n';
        return length;
    }
}
