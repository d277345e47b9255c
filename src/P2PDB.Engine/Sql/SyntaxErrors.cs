using System.Text;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Sql;

/// <summary>The errors that reading text can end with.</summary>
internal static class SyntaxErrors
{
    private const int NearLengthMax = 80;

    /// <summary>ER_PARSE_ERROR at a byte offset of the text.</summary>
    public static Exception Syntax(ReadOnlySpan<byte> text, int position)
    {
        position = Math.Min(position, text.Length);
        int line = 1 + text[..position].Count((byte)'\n');
        ReadOnlySpan<byte> rest = text[position..];
        string near = Encoding.UTF8.GetString(rest[..Math.Min(rest.Length, 4 * NearLengthMax)]);
        if (near.Length > NearLengthMax)
            near = near[..(char.IsHighSurrogate(near[NearLengthMax - 1]) ? NearLengthMax - 1 : NearLengthMax)];
        return SqlErrors.ParseError(near, line).ToException();
    }

    /// <summary>ER_EMPTY_QUERY.</summary>
    public static Exception EmptyQuery() => SqlErrors.EmptyQuery().ToException();

    /// <summary>ER_TOO_LONG_IDENT.</summary>
    public static Exception IdentifierTooLong(string name) =>
        SqlErrors.IdentifierTooLong(name).ToException();

    /// <summary>ER_STACK_OVERRUN_NEED_MORE, with the figures of a level limit in place of bytes.</summary>
    public static Exception TooDeep() =>
        Other(1436, "HY000", $"Thread stack overrun: the statement nests deeper than {TokenCursor.DepthMax} levels");

    /// <summary>ER_INVALID_CHARACTER_STRING; shows the first bytes as MySQL does.</summary>
    public static Exception InvalidCharacters(string characterSet, ReadOnlySpan<byte> bytes)
    {
        int start = 0;
        while (start < bytes.Length && Rune.DecodeFromUtf8(bytes[start..], out _, out int length) == System.Buffers.OperationStatus.Done)
            start += length;
        StringBuilder shown = new();
        foreach (byte value in bytes[start..Math.Min(bytes.Length, start + 6)])
            shown.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\x{value:X2}");
        return Other(1300, "HY000", $"Invalid {characterSet} character string: '{shown}'");
    }

    /// <summary>ER_UNKNOWN_CHARACTER_SET and the like: an error with its number, state and text.</summary>
    public static Exception Other(int code, string state, string text) => new SqlException(new SqlError(code, state, text));
}
