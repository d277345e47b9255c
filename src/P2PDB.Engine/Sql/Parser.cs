using P2PDB.Engine.Sql.Ast;

namespace P2PDB.Engine.Sql;

/// <summary>Turns statement text into a tree.</summary>
internal static class Parser
{
    /// <summary>
    /// Parses the first statement of <paramref name="sql"/>; throws a SQL error (1064, 1065, …) where there is none. <paramref name="consumed"/> is the
    /// count of bytes up to and with the semicolon: while it is less than the text's length and <see cref="IsBlank"/> does not
    /// hold for the rest, another statement follows.
    /// </summary>
    public static Statement Parse(ReadOnlySpan<byte> sql, in ParseOptions options, out int consumed) =>
        throw new NotSupportedException("The parser follows.");

    /// <summary>True where only spaces, comments and semicolons remain.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> sql) => sql.IsEmpty;
}
