// HTTP HEAD (RFC 9112), as far as an upgrade needs it: a start line, header lines "name: value", an empty line; all end with CR LF.
// Folded lines, spaces before the colon and control characters are malformed here, as the RFC lets a recipient have it.
using System.Buffers;
using System.Text;

namespace P2PDB.Network.Transports;

/// <summary>Cursor over the head of an HTTP message. Borrows the bytes.</summary>
internal ref struct HttpHead
{
    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private ReadOnlySpan<byte> _rest;

    /// <param name="head">The head, its empty line included.</param>
    public HttpHead(ReadOnlySpan<byte> head)
    {
        _rest = head;
        IsMalformed = !TryTakeLine(out ReadOnlySpan<byte> startLine);
        StartLine = startLine;
    }

    /// <summary>The request or status line.</summary>
    public ReadOnlySpan<byte> StartLine { get; }

    /// <summary>True once something was met that is no head.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>Takes the next header; false after the last one, or at malformed bytes.</summary>
    public bool TryReadHeader(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        name = default;
        value = default;
        if (IsMalformed || !TryTakeLine(out ReadOnlySpan<byte> line))
        {
            IsMalformed = true;
            return false;
        }

        if (line.IsEmpty)
        {
            IsMalformed = !_rest.IsEmpty;
            return false;
        }

        int colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(NameBytes))
        {
            IsMalformed = true;
            return false;
        }

        name = line[..colon];
        value = line[(colon + 1)..].Trim(" \t"u8);
        return true;
    }

    /// <summary>True if a comma-separated list has the token, in whatever case.</summary>
    public static bool HasToken(ReadOnlySpan<byte> list, ReadOnlySpan<byte> token)
    {
        foreach (Range part in list.Split((byte)','))
        {
            if (Ascii.EqualsIgnoreCase(list[part].Trim(" \t"u8), token))
                return true;
        }

        return false;
    }

    private bool TryTakeLine(out ReadOnlySpan<byte> line)
    {
        line = default;
        int end = _rest.IndexOf("\r\n"u8);
        if (end < 0)
            return false;

        line = _rest[..end];
        _rest = _rest[(end + 2)..];
        // A lone CR or LF or a NUL is where two readers of one head would disagree.
        return !line.ContainsAny((byte)'\r', (byte)'\n', (byte)0);
    }
}
