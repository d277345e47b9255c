namespace P2PDB.Engine.Sql;

/// <summary>The shapes of token. Words are <see cref="Word"/>s whether they are keywords or not; <see cref="Token.Keyword"/> tells.</summary>
internal enum TokenKind : byte
{
    /// <summary>The end of the text.</summary>
    End,

    /// <summary>Bytes that no token begins with, or a string or comment without an end.</summary>
    Invalid,

    /// <summary>A keyword or an identifier without quotes.</summary>
    Word,

    /// <summary>`identifier`, or "identifier" under ANSI_QUOTES.</summary>
    QuotedIdentifier,

    /// <summary>Digits only.</summary>
    Integer,

    /// <summary>Digits and a point.</summary>
    Decimal,

    /// <summary>Digits with an exponent.</summary>
    Float,

    /// <summary>'text' or "text".</summary>
    String,

    /// <summary>N'text'.</summary>
    NationalString,

    /// <summary>0x1F or x'1F'.</summary>
    Hex,

    /// <summary>0b01 or b'01'.</summary>
    Bits,

    /// <summary>@name, @'name', @`name`; also the @host of an account.</summary>
    UserVariable,

    /// <summary>@@, before a system variable.</summary>
    DoubleAt,

    /// <summary>?.</summary>
    Parameter,

    /// <summary>\N.</summary>
    NullEscape,

    Semicolon, Comma, Dot, OpenParen, CloseParen, OpenBrace, CloseBrace, Colon,
    Assign, Equal, NullSafeEqual, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual,
    ShiftLeft, ShiftRight, Plus, Minus, Star, Slash, Percent, Caret, Tilde, Ampersand, Pipe, Exclamation,
    DoubleAmpersand, DoublePipe, Arrow, LongArrow,
}
