namespace P2PDB.Engine.Sql;

/// <summary>What of a session's sql_mode changes how text is read. The default is MySQL 8.4's.</summary>
internal readonly record struct ParseOptions
{
    /// <summary>ANSI_QUOTES: double quotes make identifiers.</summary>
    public bool AnsiQuotes { get; init; }

    /// <summary>NO_BACKSLASH_ESCAPES: a backslash in a string is itself.</summary>
    public bool NoBackslashEscapes { get; init; }

    /// <summary>PIPES_AS_CONCAT: || concatenates.</summary>
    public bool PipesAsConcat { get; init; }

    /// <summary>HIGH_NOT_PRECEDENCE: NOT binds as closely as !.</summary>
    public bool HighNotPrecedence { get; init; }

    /// <summary>IGNORE_SPACE: spaces may stand between a built-in function's name and its parenthesis.</summary>
    public bool IgnoreSpace { get; init; }

    /// <summary>The text is a routine's, so that names in LIMIT and SELECT … INTO may be variables.</summary>
    public bool InRoutine { get; init; }
}
