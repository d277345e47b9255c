namespace P2PDB.Engine.Types;

/// <summary>The sql_mode flags that change what values mean.</summary>
[Flags]
public enum SqlMode : uint
{
    /// <summary>None set.</summary>
    None = 0,

    /// <summary>STRICT_TRANS_TABLES: bad values are errors.</summary>
    StrictTransTables = 1,

    /// <summary>STRICT_ALL_TABLES: bad values are errors.</summary>
    StrictAllTables = 2,

    /// <summary>NO_ZERO_IN_DATE: '2020-00-01' is not a date.</summary>
    NoZeroInDate = 4,

    /// <summary>NO_ZERO_DATE: '0000-00-00' is not a date.</summary>
    NoZeroDate = 8,

    /// <summary>ERROR_FOR_DIVISION_BY_ZERO.</summary>
    ErrorForDivisionByZero = 16,

    /// <summary>NO_ENGINE_SUBSTITUTION.</summary>
    NoEngineSubstitution = 32,

    /// <summary>ONLY_FULL_GROUP_BY.</summary>
    OnlyFullGroupBy = 64,

    /// <summary>ANSI_QUOTES: double quotes name things.</summary>
    AnsiQuotes = 128,

    /// <summary>PIPES_AS_CONCAT: || joins strings.</summary>
    PipesAsConcat = 256,

    /// <summary>NO_BACKSLASH_ESCAPES.</summary>
    NoBackslashEscapes = 512,

    /// <summary>NO_UNSIGNED_SUBTRACTION: the difference of unsigned numbers is signed.</summary>
    NoUnsignedSubtraction = 1024,

    /// <summary>PAD_CHAR_TO_FULL_LENGTH.</summary>
    PadCharToFullLength = 2048,

    /// <summary>ALLOW_INVALID_DATES: any day up to 31 in any month.</summary>
    AllowInvalidDates = 4096,

    /// <summary>IGNORE_SPACE.</summary>
    IgnoreSpace = 8192,

    /// <summary>REAL_AS_FLOAT.</summary>
    RealAsFloat = 16384,

    /// <summary>HIGH_NOT_PRECEDENCE.</summary>
    HighNotPrecedence = 32768,

    /// <summary>NO_AUTO_VALUE_ON_ZERO.</summary>
    NoAutoValueOnZero = 65536,

    /// <summary>NO_DIR_IN_CREATE.</summary>
    NoDirInCreate = 131072,

    /// <summary>TIME_TRUNCATE_FRACTIONAL: fractions are cut, not rounded.</summary>
    TimeTruncateFractional = 262144,

    /// <summary>ANSI.</summary>
    Ansi = 524288,

    /// <summary>TRADITIONAL.</summary>
    Traditional = 1048576,

    /// <summary>Either strict flag.</summary>
    Strict = StrictTransTables | StrictAllTables,

    /// <summary>The default of MySQL 8.4.</summary>
    Default = OnlyFullGroupBy | StrictTransTables | NoZeroInDate | NoZeroDate | ErrorForDivisionByZero
        | NoEngineSubstitution,
}
