using System.Runtime.CompilerServices;
using System.Text;
using P2PDB.Engine.Sql.Ast;
using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql;

/// <summary>
/// The parsers' common reading head: the current token and the one behind it, and the steps every parser takes. Passed by reference from parser to
/// parser. Bounds how deep a statement may nest: <see cref="Enter"/> and <see cref="Leave"/> around every recursion, <see cref="Height"/> for the
/// trees that loops build.
/// </summary>
internal ref struct TokenCursor
{
    /// <summary>Levels a statement or its tree may have. Everything that walks a tree recurses this deep, on 1.5 MiB of stack.</summary>
    public const int DepthMax = 400;

    private const int NameLengthMax = 64;

    private readonly ReadOnlySpan<byte> _text;
    private readonly bool _isValidUtf8;
    private Lexer _lexer;
    private int _depth;

    /// <summary>Starts at the first token of the text.</summary>
    public TokenCursor(ReadOnlySpan<byte> text, in ParseOptions options)
    {
        _text = text;
        _isValidUtf8 = System.Text.Unicode.Utf8.IsValid(text);
        Options = options;
        _lexer = new Lexer(text, options);
        Current = _lexer.Next();
        Next = _lexer.Next();
    }

    /// <summary>How the text is read.</summary>
    public ParseOptions Options { get; }

    /// <summary>The token to be taken next.</summary>
    public Token Current { get; private set; }

    /// <summary>The token behind <see cref="Current"/>.</summary>
    public Token Next { get; private set; }

    /// <summary>The end of the token taken last.</summary>
    public int TakenEnd { get; private set; }

    /// <summary>How many parameters were seen.</summary>
    public int ParameterCount { get; set; }

    /// <summary>True while a routine's body is parsed.</summary>
    public bool InRoutine { get; set; }

    /// <summary>An operand that was parsed before it was known to be one; the next operand parser takes it instead of a token.</summary>
    public ExpressionNode? Pending { get; set; }

    /// <summary>The height of the highest tree built since the enclosing level began.</summary>
    public int Height { get; set; }

    /// <summary>The statement's bytes.</summary>
    public readonly ReadOnlySpan<byte> Text => _text;

    /// <summary>Takes the current token.</summary>
    public void Advance()
    {
        TakenEnd = Current.End;
        Current = Next;
        Next = _lexer.Next();
    }

    /// <summary>The token <paramref name="distance"/> places behind the current one.</summary>
    public readonly Token Peek(int distance)
    {
        if (distance < 2)
            return distance == 0 ? Current : Next;
        Lexer ahead = _lexer;
        Token token = Next;
        for (int i = 1; i < distance; i++)
            token = ahead.Next();
        return token;
    }

    /// <summary>True where the current token is the keyword.</summary>
    public readonly bool Is(Keyword keyword) => Current.Keyword == keyword;

    /// <summary>True where the current token has the shape.</summary>
    public readonly bool Is(TokenKind kind) => Current.Kind == kind;

    /// <summary>True where the current and the next token are the keywords.</summary>
    public readonly bool Is(Keyword first, Keyword second) => Current.Keyword == first && Next.Keyword == second;

    /// <summary>True where the next token is the keyword.</summary>
    public readonly bool IsNext(Keyword keyword) => Next.Keyword == keyword;

    /// <summary>True where the next token has the shape.</summary>
    public readonly bool IsNext(TokenKind kind) => Next.Kind == kind;

    /// <summary>Takes the keyword where it stands here.</summary>
    public bool Accept(Keyword keyword)
    {
        if (Current.Keyword != keyword)
            return false;
        Advance();
        return true;
    }

    /// <summary>Takes both keywords or nothing.</summary>
    public bool Accept(Keyword first, Keyword second)
    {
        if (!Is(first, second))
            return false;
        Advance();
        Advance();
        return true;
    }

    /// <summary>Takes the token where it has the shape.</summary>
    public bool Accept(TokenKind kind)
    {
        if (Current.Kind != kind)
            return false;
        Advance();
        return true;
    }

    /// <summary>Takes the keyword or fails with 1064.</summary>
    public void Expect(Keyword keyword)
    {
        if (!Accept(keyword))
            throw Fail();
    }

    /// <summary>Takes both keywords or fails with 1064.</summary>
    public void Expect(Keyword first, Keyword second)
    {
        Expect(first);
        Expect(second);
    }

    /// <summary>Takes the token or fails with 1064.</summary>
    public void Expect(TokenKind kind)
    {
        if (!Accept(kind))
            throw Fail();
    }

    /// <summary>The syntax error at the current token, to be thrown.</summary>
    public readonly Exception Fail() => FailAt(Current.Start);

    /// <summary>The syntax error at a byte offset, to be thrown.</summary>
    public readonly Exception FailAt(int position) => SyntaxErrors.Syntax(_text, position);

    /// <summary>Goes one level down; fails with 1436 past the limit.</summary>
    public int Enter()
    {
        if (++_depth > DepthMax || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw SyntaxErrors.TooDeep();
        int outer = Height;
        Height = 0;
        return outer;
    }

    /// <summary>Comes back up; <paramref name="outerHeight"/> is what <see cref="Enter"/> gave.</summary>
    public void Leave(int outerHeight)
    {
        _depth--;
        Height = Math.Max(outerHeight, Height + 1);
        if (Height > DepthMax)
            throw SyntaxErrors.TooDeep();
    }

    /// <summary>One more level above a tree of the height <paramref name="left"/> and the one just built.</summary>
    public void Raise(int left)
    {
        Height = Math.Max(left, Height) + 1;
        if (Height > DepthMax)
            throw SyntaxErrors.TooDeep();
    }

    /// <summary>True where the current token can be a name: quoted, or a word that is not reserved.</summary>
    public readonly bool IsName() => IsName(Current);

    /// <summary>True where a token can be a name.</summary>
    public static bool IsName(in Token token) =>
        token.Kind == TokenKind.QuotedIdentifier || (token.Kind == TokenKind.Word && !KeywordTable.IsReserved(token.Keyword));

    /// <summary>Takes a name.</summary>
    public string Name()
    {
        if (!IsName())
            throw Fail();
        return TakeName(NameLengthMax);
    }

    /// <summary>Takes a name, or any word behind a point or where the grammar allows reserved ones.</summary>
    public string AnyWord()
    {
        if (Current.Kind is not (TokenKind.QuotedIdentifier or TokenKind.Word))
            throw Fail();
        return TakeName(NameLengthMax);
    }

    /// <summary>Takes a name that may have any length up to <paramref name="lengthMax"/> characters.</summary>
    public string TakeName(int lengthMax)
    {
        string name = Decode(Current, 0);
        if (name.Length > lengthMax)
            throw SyntaxErrors.IdentifierTooLong(name);
        Advance();
        return name;
    }

    /// <summary>Takes [database.]name.</summary>
    public ObjectName ObjectName()
    {
        if (Is(TokenKind.Dot) && IsName(Next))
            Advance();
        string first = Name();
        return Accept(TokenKind.Dot) ? new ObjectName(first, AnyWord()) : new ObjectName(null, first);
    }

    /// <summary>Takes names separated by commas.</summary>
    public string[] Names()
    {
        List<string> names = [Name()];
        while (Accept(TokenKind.Comma))
            names.Add(Name());
        return [.. names];
    }

    /// <summary>Takes (name, …).</summary>
    public string[] NamesInParentheses()
    {
        Expect(TokenKind.OpenParen);
        string[] names = Names();
        Expect(TokenKind.CloseParen);
        return names;
    }

    /// <summary>Takes object names separated by commas.</summary>
    public ObjectName[] ObjectNames()
    {
        List<ObjectName> names = [ObjectName()];
        while (Accept(TokenKind.Comma))
            names.Add(ObjectName());
        return [.. names];
    }

    /// <summary>Takes a string literal with the parts that follow it, as bytes.</summary>
    public byte[] StringBytes()
    {
        if (!Is(TokenKind.String))
            throw Fail();
        byte[] value = LiteralDecoder.String(_text, Current, Options);
        CheckUtf8(value);
        Advance();
        while (Is(TokenKind.String))
        {
            byte[] more = LiteralDecoder.String(_text, Current, Options);
            CheckUtf8(more);
            value = [.. value, .. more];
            Advance();
        }

        return value;
    }

    /// <summary>Takes a string literal as text.</summary>
    public string StringText() => Encoding.UTF8.GetString(StringBytes());

    /// <summary>Takes a name or a string.</summary>
    public string NameOrString() => Is(TokenKind.String) ? StringText() : Name();

    /// <summary>Takes a word of any kind, a number or a string, as text: the value of an option.</summary>
    public string Word()
    {
        if (Is(TokenKind.String))
            return StringText();
        if (Current.Kind is not (TokenKind.Word or TokenKind.QuotedIdentifier or TokenKind.Integer or TokenKind.Decimal or TokenKind.Float))
            throw Fail();
        return TakeName(int.MaxValue);
    }

    /// <summary>Takes a character set's or collation's name (BINARY is one though it is reserved).</summary>
    public string CharacterSetName() => Is(Keyword.BINARY) || Is(Keyword.DEFAULT) ? AnyWord() : NameOrString();

    /// <summary>Takes an unsigned integer.</summary>
    public ulong Number()
    {
        if (Is(TokenKind.Integer) && LiteralDecoder.TryInteger(TextOf(Current), out ulong value))
        {
            Advance();
            return value;
        }

        if (Is(TokenKind.Hex))
        {
            byte[] bytes = LiteralDecoder.Hex(TextOf(Current));
            if (bytes.Length <= 8)
            {
                value = 0;
                foreach (byte one in bytes)
                    value = (value << 8) | one;
                Advance();
                return value;
            }
        }

        throw Fail();
    }

    /// <summary>Takes an unsigned integer of at most 32 bits.</summary>
    public uint SmallNumber()
    {
        int start = Current.Start;
        ulong value = Number();
        return value <= uint.MaxValue ? (uint)value : throw FailAt(start);
    }

    /// <summary>The bytes of a token.</summary>
    public readonly ReadOnlySpan<byte> TextOf(in Token token) => _text.Slice(token.Start, token.Length);

    /// <summary>The text from <paramref name="start"/> to the end of the token taken last.</summary>
    public readonly string TextFrom(int start) =>
        TakenEnd <= start ? string.Empty : Encoding.UTF8.GetString(_text[start..TakenEnd]);

    /// <summary>The characters a name token stands for; <paramref name="skip"/> leading bytes (the @) are left out.</summary>
    public readonly string Decode(in Token token, int skip)
    {
        ReadOnlySpan<byte> bytes = TextOf(token)[skip..];
        if (bytes.Length > 0 && bytes[0] is (byte)'`' or (byte)'"' or (byte)'\'')
            return Utf8(LiteralDecoder.Quoted(bytes, token.NeedsDecoding, bytes[0] == '\'' && !Options.NoBackslashEscapes));
        return Utf8(bytes);
    }

    /// <summary>Bytes as characters; 1300 where they are none.</summary>
    public readonly string Utf8(ReadOnlySpan<byte> bytes)
    {
        CheckUtf8(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Fails with 1300 where the bytes are no UTF-8. Free while the whole text is valid.</summary>
    public readonly void CheckUtf8(ReadOnlySpan<byte> bytes)
    {
        if (!_isValidUtf8 && !System.Text.Unicode.Utf8.IsValid(bytes))
            throw SyntaxErrors.InvalidCharacters("utf8mb4", bytes);
    }
}
