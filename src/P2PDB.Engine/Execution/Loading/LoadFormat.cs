using P2PDB.Engine.Sql.Ast.Changes;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Loading;

/// <summary>How the text of LOAD DATA is cut into lines and fields: FIELDS and LINES with MySQL's defaults filled in.</summary>
internal sealed class LoadFormat
{
    /// <summary>Stands for no enclosure and no escape: no byte has this value.</summary>
    public const int None = -1;

    private LoadFormat(byte[] fieldTerminator, byte[] lineTerminator, byte[] lineStart, int enclosure, int escape)
    {
        FieldTerminator = fieldTerminator;
        LineTerminator = lineTerminator;
        LineStart = lineStart;
        Enclosure = enclosure;
        Escape = escape;
    }

    /// <summary>FIELDS TERMINATED BY; never empty.</summary>
    public byte[] FieldTerminator { get; }

    /// <summary>LINES TERMINATED BY; empty where lines end with their last column.</summary>
    public byte[] LineTerminator { get; }

    /// <summary>LINES STARTING BY: what lies before it in a line is skipped, and lines without it are.</summary>
    public byte[] LineStart { get; }

    /// <summary>FIELDS ENCLOSED BY, or <see cref="None"/>.</summary>
    public int Enclosure { get; }

    /// <summary>FIELDS ESCAPED BY, or <see cref="None"/>.</summary>
    public int Escape { get; }

    /// <summary>
    /// Takes the clauses of a statement. Errors 1083 for an enclosure or escape that is not one byte, and 1235 for the format
    /// of fixed-size rows that two empty separators mean.
    /// </summary>
    public static LoadFormat Of(FileFormat? clauses, bool hasBackslashEscapes)
    {
        byte[] field = clauses?.FieldTerminator ?? "\t"u8.ToArray();
        byte[] line = clauses?.LineTerminator ?? "\n"u8.ToArray();
        int enclosure = SingleByte(clauses?.FieldEnclosure);
        int escape = clauses?.FieldEscape is { } given ? SingleByte(given) : hasBackslashEscapes ? '\\' : None;
        if (field.Length == 0)
        {
            throw SqlErrors.NotSupportedYet(enclosure == None ? "LOAD DATA of fixed-size rows" : "LOAD DATA without FIELDS TERMINATED BY")
                .ToException();
        }

        // One separator for both cannot end a line: its last column does.
        bool isSame = line.AsSpan().SequenceEqual(field);
        return new LoadFormat(field, isSame ? [] : line, clauses?.LineStart ?? [], enclosure, escape);
    }

    private static int SingleByte(byte[]? separator) => separator switch
    {
        null or [] => None,
        [byte one] => one,
        _ => throw LoadErrors.WrongSeparator.ToException(),
    };
}
