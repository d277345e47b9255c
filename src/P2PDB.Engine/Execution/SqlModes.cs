using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution;

/// <summary>The names of sql_mode's flags.</summary>
internal static class SqlModes
{
    private static readonly (string Name, SqlMode Flag)[] Names =
    [
        ("REAL_AS_FLOAT", SqlMode.RealAsFloat),
        ("PIPES_AS_CONCAT", SqlMode.PipesAsConcat),
        ("ANSI_QUOTES", SqlMode.AnsiQuotes),
        ("IGNORE_SPACE", SqlMode.IgnoreSpace),
        ("ONLY_FULL_GROUP_BY", SqlMode.OnlyFullGroupBy),
        ("NO_UNSIGNED_SUBTRACTION", SqlMode.NoUnsignedSubtraction),
        ("NO_DIR_IN_CREATE", SqlMode.NoDirInCreate),
        ("ANSI", SqlMode.Ansi),
        ("NO_AUTO_VALUE_ON_ZERO", SqlMode.NoAutoValueOnZero),
        ("NO_BACKSLASH_ESCAPES", SqlMode.NoBackslashEscapes),
        ("STRICT_TRANS_TABLES", SqlMode.StrictTransTables),
        ("STRICT_ALL_TABLES", SqlMode.StrictAllTables),
        ("NO_ZERO_IN_DATE", SqlMode.NoZeroInDate),
        ("NO_ZERO_DATE", SqlMode.NoZeroDate),
        ("ALLOW_INVALID_DATES", SqlMode.AllowInvalidDates),
        ("ERROR_FOR_DIVISION_BY_ZERO", SqlMode.ErrorForDivisionByZero),
        ("TRADITIONAL", SqlMode.Traditional),
        ("HIGH_NOT_PRECEDENCE", SqlMode.HighNotPrecedence),
        ("NO_ENGINE_SUBSTITUTION", SqlMode.NoEngineSubstitution),
        ("PAD_CHAR_TO_FULL_LENGTH", SqlMode.PadCharToFullLength),
        ("TIME_TRUNCATE_FRACTIONAL", SqlMode.TimeTruncateFractional),
    ];

    private const SqlMode AnsiParts = SqlMode.RealAsFloat | SqlMode.PipesAsConcat | SqlMode.AnsiQuotes
        | SqlMode.IgnoreSpace | SqlMode.OnlyFullGroupBy;

    private const SqlMode TraditionalParts = SqlMode.StrictTransTables | SqlMode.StrictAllTables | SqlMode.NoZeroInDate
        | SqlMode.NoZeroDate | SqlMode.ErrorForDivisionByZero | SqlMode.NoEngineSubstitution;

    /// <summary>The flags of a list of names; names that are not known count for nothing.</summary>
    public static SqlMode Parse(string text) => TryParse(text, out SqlMode mode, out _) ? mode : mode;

    /// <summary>The flags of a list of names; false, with the first name that is not known.</summary>
    public static bool TryParse(string text, out SqlMode mode, out string unknown)
    {
        mode = SqlMode.None;
        unknown = "";
        foreach (string part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (Find(part) is { } flag)
                mode |= flag;
            else if (unknown.Length == 0)
                unknown = part;
        }

        if ((mode & SqlMode.Ansi) != 0)
            mode |= AnsiParts;
        if ((mode & SqlMode.Traditional) != 0)
            mode |= TraditionalParts;
        return unknown.Length == 0;
    }

    /// <summary>The names of flags, in MySQL's order.</summary>
    public static string Format(SqlMode mode)
    {
        List<string> names = [];
        foreach ((string name, SqlMode flag) in Names)
        {
            if ((mode & flag) != 0)
                names.Add(name);
        }

        return string.Join(',', names);
    }

    private static SqlMode? Find(string name)
    {
        foreach ((string known, SqlMode flag) in Names)
        {
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase))
                return flag;
        }

        return null;
    }
}
