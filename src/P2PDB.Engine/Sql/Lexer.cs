namespace P2PDB.Engine.Sql;

/// <summary>
/// Cuts UTF-8 text into tokens, one at a time. Comments are skipped, the content of <c>/*! … */</c> is read where its version is at most ours.
/// Borrows the text. A copy of the struct is a bookmark to come back to. Never throws: bad text is an Invalid token.
/// </summary>
internal ref struct Lexer(ReadOnlySpan<byte> text, in ParseOptions options)
{
    /// <summary>The version whose comments are executed: 8.4.0.</summary>
    public const int ServerVersion = 80400;

    private readonly ReadOnlySpan<byte> _text = text;
    private readonly bool _ansiQuotes = options.AnsiQuotes;
    private readonly bool _noBackslashEscapes = options.NoBackslashEscapes;
    private int _position;
    private bool _inVersionComment;
    private bool _afterDot;

    /// <summary>Byte offset of the next byte to read.</summary>
    public readonly int Position => _position;

    /// <summary>The start of the last optimizer hint (<c>/*+ … */</c>) skipped, or -1.</summary>
    public int HintStart { get; private set; } = -1;

    /// <summary>The end of that hint.</summary>
    public int HintEnd { get; private set; }

    /// <summary>Takes the next token; at the end of the text <see cref="TokenKind.End"/>, again and again.</summary>
    public Token Next()
    {
        int before = _position;
        if (!SkipBlank())
            return Make(TokenKind.Invalid, _position, _text.Length - _position, true, false, Keyword.None);

        int start = _position;
        bool isSpaced = start != before || start == 0;
        if (start >= _text.Length)
        {
            // A version comment without an end is bad text, once: who reads on to the end must come to it.
            TokenKind end = _inVersionComment ? TokenKind.Invalid : TokenKind.End;
            _inVersionComment = false;
            return new Token(end, Keyword.None, isSpaced, false, start, 0);
        }

        byte first = _text[start];
        bool afterDot = _afterDot;
        _afterDot = false;
        if (CharacterClasses.IsWord(first))
        {
            if (afterDot)
                return Make(TokenKind.Word, start, WordLength(start), isSpaced, false, Keyword.None);
            return CharacterClasses.IsDigit(first) ? Number(start, isSpaced) : Word(start, isSpaced);
        }

        return first switch
        {
            (byte)'\'' => Quoted(TokenKind.String, start, start, isSpaced),
            (byte)'"' => Quoted(_ansiQuotes ? TokenKind.QuotedIdentifier : TokenKind.String, start, start, isSpaced),
            (byte)'`' => Quoted(TokenKind.QuotedIdentifier, start, start, isSpaced),
            (byte)'@' => At(start, isSpaced),
            (byte)'.' when !IsNamePoint(start) && IsDigitAt(start + 1) => Fraction(start, start, isSpaced),
            (byte)'\\' when At(start + 1) == 'N' => Make(TokenKind.NullEscape, start, 2, isSpaced, false, Keyword.None),
            _ => Punctuation(first, start, isSpaced),
        };
    }

    private readonly byte At(int index) => (uint)index < (uint)_text.Length ? _text[index] : (byte)0;

    private readonly bool IsDigitAt(int index) => CharacterClasses.IsDigit(At(index));

    // `t.5` is a column named 5, `1.5` and `(.5` are numbers: what stands directly before the point decides.
    private readonly bool IsNamePoint(int dot) => dot > 0 && (CharacterClasses.IsWord(_text[dot - 1]) || _text[dot - 1] == '`');

    private Token Make(TokenKind kind, int start, int length, bool isSpaced, bool needsDecoding, Keyword keyword)
    {
        _position = start + length;
        return new Token(kind, keyword, isSpaced, needsDecoding, start, length);
    }

    /// <summary>Skips spaces and comments; false where a comment has no end.</summary>
    private bool SkipBlank()
    {
        while (_position < _text.Length)
        {
            byte value = _text[_position];
            if (CharacterClasses.IsSpace(value))
            {
                _position++;
            }
            else if (value == '#')
            {
                SkipLine();
            }
            else if (value == '-' && At(_position + 1) == '-' && (_position + 2 >= _text.Length || At(_position + 2) <= ' '))
            {
                SkipLine();
            }
            else if (value == '/' && At(_position + 1) == '*')
            {
                if (!SkipComment())
                    return false;
            }
            else if (value == '*' && _inVersionComment && At(_position + 1) == '/')
            {
                _inVersionComment = false;
                _position += 2;
            }
            else
            {
                return true;
            }
        }

        return true;
    }

    private void SkipLine()
    {
        int length = _text[_position..].IndexOf((byte)'\n');
        _position = length < 0 ? _text.Length : _position + length + 1;
    }

    private bool SkipComment()
    {
        int start = _position;
        if (At(start + 2) == '!' && !_inVersionComment)
        {
            int digits = 0;
            int version = 0;
            while (digits < 6 && IsDigitAt(start + 3 + digits))
                version = (version * 10) + (_text[start + 3 + digits++] - '0');
            if (digits is not (0 or 5 or 6))
                (digits, version) = (0, 0);
            if (version <= ServerVersion)
            {
                _inVersionComment = true;
                _position = start + 3 + digits;
                return true;
            }

            return SkipVersionComment(start + 3);
        }

        int length = _text[(start + 2)..].IndexOf("*/"u8);
        if (length < 0)
            return false;

        _position = start + 2 + length + 2;
        if (At(start + 2) == '+')
            (HintStart, HintEnd) = (start, _position);
        return true;
    }

    // A skipped version comment may hold plain comments, one level deep.
    private bool SkipVersionComment(int start)
    {
        int depth = 1;
        for (int i = start; i + 1 < _text.Length; i++)
        {
            if (_text[i] == '*' && _text[i + 1] == '/')
            {
                i++;
                if (--depth == 0)
                {
                    _position = i + 1;
                    return true;
                }
            }
            else if (_text[i] == '/' && _text[i + 1] == '*')
            {
                i++;
                depth = 2;
            }
        }

        return false;
    }

    private readonly int WordLength(int start)
    {
        int end = start;
        while (end < _text.Length && CharacterClasses.IsWord(_text[end]))
            end++;
        return end - start;
    }

    private Token Word(int start, bool isSpaced)
    {
        if (At(start + 1) == '\'')
        {
            switch (_text[start] | 0x20)
            {
                case 'n':
                    return Quoted(TokenKind.NationalString, start, start + 1, isSpaced);
                case 'x':
                    return Radix(TokenKind.Hex, start, isSpaced);
                case 'b':
                    return Radix(TokenKind.Bits, start, isSpaced);
                default:
                    break;
            }
        }

        int length = WordLength(start);
        return Make(TokenKind.Word, start, length, isSpaced, false, KeywordTable.Find(_text.Slice(start, length)));
    }

    // x'…' and b'…': only their digits, an even count of them for x.
    private Token Radix(TokenKind kind, int start, bool isSpaced)
    {
        int end = start + 2;
        while (kind == TokenKind.Hex ? CharacterClasses.IsHex(At(end)) : At(end) is (byte)'0' or (byte)'1')
            end++;
        bool isWhole = At(end) == '\'' && (kind == TokenKind.Bits || (end - start) % 2 == 0);
        return isWhole
            ? Make(kind, start, end + 1 - start, isSpaced, false, Keyword.None)
            : Make(TokenKind.Invalid, start, _text.Length - start, isSpaced, false, Keyword.None);
    }

    private Token Number(int start, bool isSpaced)
    {
        int length = WordLength(start);
        ReadOnlySpan<byte> word = _text.Slice(start, length);
        if (length > 2 && word[0] == '0' && word[1] is (byte)'x' or (byte)'b')
        {
            bool isHex = word[1] == 'x';
            int digits = 2;
            while (digits < length && (isHex ? CharacterClasses.IsHex(word[digits]) : word[digits] is (byte)'0' or (byte)'1'))
                digits++;
            return Make(digits == length ? (isHex ? TokenKind.Hex : TokenKind.Bits) : TokenKind.Word, start, length, isSpaced, false, Keyword.None);
        }

        int count = 0;
        while (count < length && CharacterClasses.IsDigit(word[count]))
            count++;
        if (count == length)
        {
            return At(start + count) == '.'
                ? Fraction(start, start + count, isSpaced)
                : Make(TokenKind.Integer, start, count, isSpaced, false, Keyword.None);
        }

        int exponent = ExponentLength(start + count);
        return exponent > 0
            ? Make(TokenKind.Float, start, count + exponent, isSpaced, false, Keyword.None)
            : Make(TokenKind.Word, start, length, isSpaced, false, Keyword.None);
    }

    private Token Fraction(int start, int dot, bool isSpaced)
    {
        int end = dot + 1;
        while (IsDigitAt(end))
            end++;
        int exponent = ExponentLength(end);
        return Make(exponent > 0 ? TokenKind.Float : TokenKind.Decimal, start, end + exponent - start, isSpaced, false, Keyword.None);
    }

    private readonly int ExponentLength(int start)
    {
        if ((At(start) | 0x20) != 'e')
            return 0;

        int end = start + 1;
        if (At(end) is (byte)'+' or (byte)'-')
            end++;
        if (!IsDigitAt(end))
            return 0;

        while (IsDigitAt(end))
            end++;
        return end - start;
    }

    private Token Quoted(TokenKind kind, int start, int open, bool isSpaced)
    {
        byte quote = _text[open];
        bool hasEscapes = quote != '`' && kind != TokenKind.QuotedIdentifier && !_noBackslashEscapes;
        bool needsDecoding = false;
        int i = open + 1;
        while (i < _text.Length)
        {
            int step = hasEscapes ? _text[i..].IndexOfAny(quote, (byte)'\\') : _text[i..].IndexOf(quote);
            if (step < 0)
                break;

            i += step;
            if (_text[i] == quote && At(i + 1) != quote)
                return Make(kind, start, i + 1 - start, isSpaced, needsDecoding, Keyword.None);

            needsDecoding = true;
            i += 2;
        }

        return Make(TokenKind.Invalid, start, _text.Length - start, isSpaced, false, Keyword.None);
    }

    private Token At(int start, bool isSpaced)
    {
        byte next = At(start + 1);
        switch (next)
        {
            case (byte)'@':
                return Make(TokenKind.DoubleAt, start, 2, isSpaced, false, Keyword.None);
            case (byte)'\'' or (byte)'"' or (byte)'`':
                return Quoted(TokenKind.UserVariable, start, start + 1, isSpaced);
            default:
                int end = start + 1;
                while (end < _text.Length && (CharacterClasses.IsWord(_text[end]) || _text[end] == '.'))
                    end++;
                return Make(TokenKind.UserVariable, start, end - start, isSpaced, false, Keyword.None);
        }
    }

    private Token Punctuation(byte first, int start, bool isSpaced)
    {
        byte next = At(start + 1);
        (TokenKind kind, int length) = first switch
        {
            (byte)';' => (TokenKind.Semicolon, 1),
            (byte)',' => (TokenKind.Comma, 1),
            (byte)'.' => (TokenKind.Dot, 1),
            (byte)'(' => (TokenKind.OpenParen, 1),
            (byte)')' => (TokenKind.CloseParen, 1),
            (byte)'{' => (TokenKind.OpenBrace, 1),
            (byte)'}' => (TokenKind.CloseBrace, 1),
            (byte)'?' => (TokenKind.Parameter, 1),
            (byte)'=' => (TokenKind.Equal, 1),
            (byte)'+' => (TokenKind.Plus, 1),
            (byte)'*' => (TokenKind.Star, 1),
            (byte)'/' => (TokenKind.Slash, 1),
            (byte)'%' => (TokenKind.Percent, 1),
            (byte)'^' => (TokenKind.Caret, 1),
            (byte)'~' => (TokenKind.Tilde, 1),
            (byte)':' => next == '=' ? (TokenKind.Assign, 2) : (TokenKind.Colon, 1),
            (byte)'!' => next == '=' ? (TokenKind.NotEqual, 2) : (TokenKind.Exclamation, 1),
            (byte)'&' => next == '&' ? (TokenKind.DoubleAmpersand, 2) : (TokenKind.Ampersand, 1),
            (byte)'|' => next == '|' ? (TokenKind.DoublePipe, 2) : (TokenKind.Pipe, 1),
            (byte)'-' => next != '>' ? (TokenKind.Minus, 1) : At(start + 2) == '>' ? (TokenKind.LongArrow, 3) : (TokenKind.Arrow, 2),
            (byte)'<' => next switch
            {
                (byte)'=' => At(start + 2) == '>' ? (TokenKind.NullSafeEqual, 3) : (TokenKind.LessOrEqual, 2),
                (byte)'>' => (TokenKind.NotEqual, 2),
                (byte)'<' => (TokenKind.ShiftLeft, 2),
                _ => (TokenKind.Less, 1),
            },
            (byte)'>' => next switch
            {
                (byte)'=' => (TokenKind.GreaterOrEqual, 2),
                (byte)'>' => (TokenKind.ShiftRight, 2),
                _ => (TokenKind.Greater, 1),
            },
            _ => (TokenKind.Invalid, 1),
        };
        _afterDot = kind == TokenKind.Dot;
        return Make(kind, start, length, isSpaced, false, Keyword.None);
    }
}
