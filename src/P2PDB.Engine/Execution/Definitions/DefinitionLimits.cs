using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Definitions;

/// <summary>
/// MySQL's limits on names, comments and counts in definitions, each an error of its own. They lie within what the log's formats
/// hold, so that a definition that passes is one that every node accepts.
/// </summary>
internal static class DefinitionLimits
{
    private const int NameLengthMax = 64;
    private const int ColumnCountMax = 4096;
    private const int IndexCountMax = 64;
    private const int IndexPartCountMax = 16;
    private const int KeyLengthMax = 3072;
    private const int TableCommentLengthMax = 2048;
    private const int CommentLengthMax = 1024;

    /// <summary>Errors 1059 and 1103 for names that no table can have.</summary>
    public static void CheckTableName(string name)
    {
        CheckLength(name);
        if (IsWrong(name))
            throw SqlErrors.WrongTableName(name).ToException();
    }

    /// <summary>Errors 1059 and 1166 for names that no column can have.</summary>
    public static void CheckColumnName(string name)
    {
        CheckLength(name);
        if (IsWrong(name))
            throw SqlErrors.WrongColumnName(name).ToException();
    }

    /// <summary>Errors 1059 and 1280 for names that no index but the primary key can have.</summary>
    public static void CheckIndexName(string name)
    {
        CheckLength(name);
        if (IsWrong(name) || name.Equals("PRIMARY", StringComparison.OrdinalIgnoreCase))
            throw SqlErrors.WrongIndexName(name).ToException();
    }

    /// <summary>Error 1628.</summary>
    public static void CheckTableComment(string table, string comment)
    {
        if (comment.Length > TableCommentLengthMax)
            throw SqlErrors.TableCommentTooLong(table, TableCommentLengthMax).ToException();
    }

    /// <summary>Error 1629.</summary>
    public static void CheckColumnComment(string column, string comment)
    {
        if (comment.Length > CommentLengthMax)
            throw SqlErrors.ColumnCommentTooLong(column, CommentLengthMax).ToException();
    }

    /// <summary>Error 1688.</summary>
    public static void CheckIndexComment(string index, string comment)
    {
        if (comment.Length > CommentLengthMax)
            throw SqlErrors.IndexCommentTooLong(index, CommentLengthMax).ToException();
    }

    /// <summary>Error 1117 for a table that would have more columns than one can.</summary>
    public static void CheckColumnCount(int count)
    {
        if (count > ColumnCountMax)
            throw SqlErrors.TooManyColumns().ToException();
    }

    /// <summary>Error 1069 for a table that would have more indexes than one can, beside its primary key.</summary>
    public static void CheckIndexCount(int count)
    {
        if (count > IndexCountMax)
            throw SqlErrors.TooManyKeys(IndexCountMax).ToException();
    }

    /// <summary>Error 1070 for an index with more columns than one can have.</summary>
    public static void CheckIndexPartCount(int count)
    {
        if (count > IndexPartCountMax)
            throw SqlErrors.TooManyKeyParts(IndexPartCountMax).ToException();
    }

    /// <summary>
    /// Error 1071 for an index whose strings may be longer together than MySQL's keys. Its other parts are not counted: their
    /// few bytes would matter at the very limit only.
    /// </summary>
    public static void CheckKeyLength(ReadOnlySpan<(SqlType Type, int PrefixLength)> parts)
    {
        long length = 0;
        foreach ((SqlType type, int prefixLength) in parts)
        {
            if (type.IsString)
                length += (prefixLength > 0 ? prefixLength : type.Length) * type.Collation.BytesPerCharacterMax;
        }

        if (length > KeyLengthMax)
            throw SqlErrors.TooLongKey(KeyLengthMax).ToException();
    }

    private static void CheckLength(string name)
    {
        if (name.Length > NameLengthMax)
            throw SqlErrors.IdentifierTooLong(name).ToException();
    }

    private static bool IsWrong(string name) => name.Length == 0 || name.EndsWith(' ');
}
