using System.Buffers.Binary;

namespace P2PDB.Engine.Sql;

// One pass of the lexer over a SELECT, INSERT, REPLACE, UPDATE or DELETE gives a key in which the literals that a plan does not depend on are
// replaced by a slot with their type. Two texts with the same key have trees that differ in nothing but the values of these slots, so that a plan
// made for one serves the other. The key is compared in whole; the hash only finds it.
//
// A literal is lifted only where all of this holds; anything else stays in the key as written:
//   - it stands in a WHERE, ON, HAVING, SET, VALUES or ON DUPLICATE KEY UPDATE clause, at any depth of plain parentheses and IN lists;
//   - directly before it stands an operator, a parenthesis, a comma, or one of AND OR XOR NOT BETWEEN LIKE WHEN THEN ELSE CASE WHERE ON HAVING;
//   - it is a plain number or string: no introducer, no DATE '…', no x'…', no part of adjacent strings; NULL, TRUE and FALSE are words;
//   - it is no string next to a plus or minus: with an INTERVAL what it holds (a date or a time) decides the type.
// So these are never lifted: select lists (their text names the columns: it is kept byte by byte, spaces too), arguments of functions (ROUND(x, 2):
// they decide types), GROUP BY, ORDER BY (ordinals), LIMIT, INTERVAL amounts, REGEXP patterns, ESCAPE, JSON paths behind ->, window frames, file
// names, and everything in DDL and control statements, for which there is no key at all.
// A slot's type is in the key: an integer's class (up to 2^63-1, or above; exactly 2^63 is kept, its meaning depends on a minus), a decimal's digits
// before and behind the point. The bits of ParseOptions are in the key too; what else a plan depends on (current database, collations, the
// rest of sql_mode) is for the cache to add.

/// <summary>
/// Key of the plan cache: a statement's text with its literals lifted out. An instance is reused by one session; once warm it allocates
/// nothing. Key and literals are valid until the next call.
/// </summary>
internal sealed class StatementFingerprint
{
    /// <summary>Literals a statement may have; one with more is parsed anew each time.</summary>
    public const int LiteralCountMax = 8192;

    private const int KeyLengthMax = 256 * 1024;
    private const int DepthMax = 60;

    private enum Clause : byte { Kept, Lifted, SelectList, InsideSelectList }

    private enum Mark : byte { Options = 1, Keyword, Word, Raw, Slot, List, Hint, Symbol = 0x40, SpacedParenthesis = 0x80 }

    private readonly Clause[] _clauses = new Clause[DepthMax + 1];
    private byte[] _key = new byte[512];
    private int _keyLength;
    private LiftedLiteral[] _literals = new LiftedLiteral[16];
    private int _literalCount;

    /// <summary>The normalised text.</summary>
    public ReadOnlySpan<byte> Key => _key.AsSpan(0, _keyLength);

    /// <summary>The literals and parameters in the order of the text.</summary>
    public ReadOnlySpan<LiftedLiteral> Literals => _literals.AsSpan(0, _literalCount);

    /// <summary>How many of the slots are ? parameters.</summary>
    public int ParameterCount { get; private set; }

    /// <summary>True where it names a user or system variable.</summary>
    public bool NamesVariable { get; private set; }

    /// <summary>A hash of <see cref="Key"/>.</summary>
    public UInt128 Hash { get; private set; }

    /// <summary>The bytes of the text up to and with the semicolon, as <see cref="Parser.Parse"/> gives them.</summary>
    public int Consumed { get; private set; }

    /// <summary>
    /// Reads the first statement of <paramref name="sql"/>. False where it has no key (another kind of statement, bad text, past a limit): it must
    /// be parsed. True does not say that the statement is correct.
    /// </summary>
    public bool TryCompute(ReadOnlySpan<byte> sql, in ParseOptions options)
    {
        _keyLength = 0;
        _literalCount = 0;
        ParameterCount = 0;
        NamesVariable = false;
        var lexer = new Lexer(sql, options);
        Token token = lexer.Next();
        if (token.Keyword is not (Keyword.SELECT or Keyword.INSERT or Keyword.REPLACE or Keyword.UPDATE or Keyword.DELETE or Keyword.WITH)
            && token.Kind != TokenKind.OpenParen)
        {
            return false;
        }

        if (!System.Text.Unicode.Utf8.IsValid(sql) || !Read(sql, ref lexer, token, options))
            return false;

        Hash = Mix(Key);
        return true;
    }

    /// <summary>The slot whose literal begins at <paramref name="position"/>, or -1: how a plan finds the slots among the tree's literals.</summary>
    public int SlotAt(int position)
    {
        int low = 0;
        int high = _literalCount - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int start = _literals[middle].Start;
            if (start == position)
                return middle;
            if (start < position)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return -1;
    }

    private bool Read(ReadOnlySpan<byte> sql, ref Lexer lexer, Token token, in ParseOptions options)
    {
        Put((byte)Mark.Options);
        Put(OptionBits(options));
        int depth = 0;
        int hint = -1;
        _clauses[0] = Clause.Kept;
        Token previous = default;
        while (token.Kind is not (TokenKind.End or TokenKind.Semicolon))
        {
            if (token.Kind == TokenKind.Invalid || _keyLength > KeyLengthMax || _literalCount >= LiteralCountMax)
                return false;

            Token next = lexer.Next();
            NamesVariable |= token.Kind is TokenKind.UserVariable or TokenKind.DoubleAt;
            if (token.Kind == TokenKind.OpenParen)
            {
                if (depth == DepthMax)
                    return false;
                _clauses[depth + 1] = Opened(_clauses[depth], previous);
                depth++;
            }
            else if (token.Kind == TokenKind.CloseParen)
            {
                if (depth-- == 0)
                    return false;
            }

            bool wasList = _clauses[depth] is Clause.SelectList or Clause.InsideSelectList;
            if (token.Keyword != Keyword.None)
                _clauses[depth] = Entered(_clauses[depth], token.Keyword);
            bool isList = wasList && _clauses[depth] is Clause.SelectList or Clause.InsideSelectList;
            if (isList || (wasList && token.Kind == TokenKind.CloseParen))
                PutRaw(Mark.List, sql[previous.End..token.End]);
            else
                PutToken(sql, token, previous, next, _clauses[depth]);
            if (lexer.HintStart != hint)
            {
                hint = lexer.HintStart;
                PutRaw(Mark.Hint, sql[hint..lexer.HintEnd]);
            }

            previous = token;
            token = next;
        }

        Consumed = token.Kind == TokenKind.Semicolon ? token.End : sql.Length;
        return depth == 0;
    }

    private static byte OptionBits(in ParseOptions options) => (byte)((options.AnsiQuotes ? 1 : 0) | (options.NoBackslashEscapes ? 2 : 0)
        | (options.PipesAsConcat ? 4 : 0) | (options.HighNotPrecedence ? 8 : 0) | (options.IgnoreSpace ? 16 : 0) | (options.InRoutine ? 32 : 0));

    // What a parenthesis holds: a select list's stays part of it, and literals are lifted only where it is a grouping or a list of values.
    private static Clause Opened(Clause outer, in Token previous) => outer switch
    {
        Clause.SelectList or Clause.InsideSelectList => Clause.InsideSelectList,
        Clause.Lifted when IsBeforeValue(previous) || previous.Keyword is Keyword.IN or Keyword.VALUES or Keyword.VALUE or Keyword.ROW => Clause.Lifted,
        _ => Clause.Kept,
    };

    private static Clause Entered(Clause clause, Keyword keyword)
    {
        if (clause == Clause.InsideSelectList)
            return clause;
        switch (keyword)
        {
            case Keyword.SELECT:
                return Clause.SelectList;
            case Keyword.WHERE or Keyword.HAVING:
                return Clause.Lifted;
            case Keyword.ON or Keyword.SET or Keyword.VALUES or Keyword.VALUE when clause != Clause.SelectList:
                return Clause.Lifted;
            case Keyword.FROM or Keyword.GROUP or Keyword.ORDER or Keyword.LIMIT or Keyword.INTO or Keyword.FOR or Keyword.LOCK or Keyword.WINDOW
                or Keyword.UNION or Keyword.INTERSECT or Keyword.EXCEPT or Keyword.TABLE or Keyword.WITH or Keyword.USING:
                return Clause.Kept;
            default:
                return clause;
        }
    }

    private static bool IsBeforeValue(in Token previous) => previous.Kind switch
    {
        TokenKind.OpenParen or TokenKind.Comma => true,
        >= TokenKind.Assign and <= TokenKind.DoublePipe => true,
        _ => previous.Keyword is Keyword.AND or Keyword.OR or Keyword.XOR or Keyword.NOT or Keyword.BETWEEN or Keyword.LIKE or Keyword.WHEN
            or Keyword.THEN or Keyword.ELSE or Keyword.CASE or Keyword.WHERE or Keyword.ON or Keyword.HAVING or Keyword.DIV or Keyword.MOD,
    };

    private void PutToken(ReadOnlySpan<byte> sql, in Token token, in Token previous, in Token next, Clause clause)
    {
        ReadOnlySpan<byte> text = sql.Slice(token.Start, token.Length);
        switch (token.Kind)
        {
            case TokenKind.Word when KeywordTable.IsReserved(token.Keyword):
                Put((byte)Mark.Keyword);
                PutNumber((ushort)token.Keyword);
                break;
            case TokenKind.Word:
                // The spelling counts: it may be the name of a table.
                PutRaw(Mark.Word, text);
                break;
            case TokenKind.Parameter:
                PutSlot(token);
                ParameterCount++;
                break;
            case TokenKind.Integer or TokenKind.Decimal or TokenKind.Float or TokenKind.String
                when clause == Clause.Lifted && IsBeforeValue(previous) && IsLiftable(text, token, previous, next):
                PutSlot(token);
                if (token.Kind == TokenKind.Integer)
                    Put((byte)(IsBig(text) ? 1 : 0));
                else if (token.Kind == TokenKind.Decimal)
                    PutDigits(text);
                break;
            case TokenKind.OpenParen:
                // f( and f ( are not the same for some functions.
                Put(token.IsSpaced && previous.Kind == TokenKind.Word ? (byte)Mark.SpacedParenthesis : (byte)((byte)Mark.Symbol + (byte)token.Kind));
                break;
            case TokenKind.Integer or TokenKind.Decimal or TokenKind.Float or TokenKind.String or TokenKind.NationalString or TokenKind.Hex or TokenKind.Bits
                or TokenKind.UserVariable or TokenKind.QuotedIdentifier or TokenKind.NullEscape:
                PutRaw(Mark.Raw, text);
                break;
            default:
                Put((byte)((byte)Mark.Symbol + (byte)token.Kind));
                break;
        }
    }

    private static bool IsLiftable(ReadOnlySpan<byte> text, in Token token, in Token previous, in Token next) => token.Kind switch
    {
        TokenKind.String => next.Kind is not (TokenKind.String or TokenKind.Plus or TokenKind.Minus)
            && previous.Kind is not (TokenKind.Plus or TokenKind.Minus),
        TokenKind.Integer => LiteralDecoder.TryInteger(text, out ulong value) && value != 1UL << 63,
        TokenKind.Float => LiteralDecoder.TryFloat(text, out _),
        _ => text.Length <= 82,
    };

    private static bool IsBig(ReadOnlySpan<byte> digits) => LiteralDecoder.TryInteger(digits, out ulong value) && value > long.MaxValue;

    private void PutSlot(in Token token)
    {
        if (_literalCount == _literals.Length)
            Array.Resize(ref _literals, _literals.Length * 2);
        _literals[_literalCount++] = new LiftedLiteral(token.Kind, token.NeedsDecoding, token.Start, token.Length);
        Put((byte)Mark.Slot);
        Put((byte)token.Kind);
    }

    // Precision and scale as the value has them: leading zeros do not count.
    private void PutDigits(ReadOnlySpan<byte> text)
    {
        int dot = text.IndexOf((byte)'.');
        Put((byte)text[..dot].TrimStart((byte)'0').Length);
        Put((byte)(text.Length - dot - 1));
    }

    private void PutRaw(Mark mark, ReadOnlySpan<byte> text)
    {
        Reserve(5 + text.Length);
        _key[_keyLength++] = (byte)mark;
        BinaryPrimitives.WriteInt32LittleEndian(_key.AsSpan(_keyLength), text.Length);
        _keyLength += 4;
        text.CopyTo(_key.AsSpan(_keyLength));
        _keyLength += text.Length;
    }

    private void PutNumber(ushort value)
    {
        Reserve(2);
        BinaryPrimitives.WriteUInt16LittleEndian(_key.AsSpan(_keyLength), value);
        _keyLength += 2;
    }

    private void Put(byte value)
    {
        Reserve(1);
        _key[_keyLength++] = value;
    }

    private void Reserve(int count)
    {
        if (_keyLength + count > _key.Length)
            Array.Resize(ref _key, Math.Max(_key.Length * 2, _keyLength + count));
    }

    // Two lanes of multiply and fold; the key decides, so this needs to be quick and even, not strong.
    private static UInt128 Mix(ReadOnlySpan<byte> key)
    {
        ulong low = 0x9E37_79B9_7F4A_7C15 ^ (ulong)key.Length;
        ulong high = 0xC2B2_AE3D_27D4_EB4F;
        while (key.Length >= 16)
        {
            low = Fold(low ^ BinaryPrimitives.ReadUInt64LittleEndian(key), 0xA076_1D64_78BD_642F);
            high = Fold(high ^ BinaryPrimitives.ReadUInt64LittleEndian(key[8..]), 0xE703_7ED1_A0B4_28DB) ^ low;
            key = key[16..];
        }

        Span<byte> tail = stackalloc byte[16];
        tail.Clear();
        key.CopyTo(tail);
        low = Fold(low ^ BinaryPrimitives.ReadUInt64LittleEndian(tail), 0xA076_1D64_78BD_642F);
        high = Fold(high ^ BinaryPrimitives.ReadUInt64LittleEndian(tail[8..]), 0xE703_7ED1_A0B4_28DB);
        return new UInt128(Fold(high ^ low, 0x8EBC_6AF0_9C88_C6E3), low);
    }

    private static ulong Fold(ulong value, ulong factor)
    {
        ulong upper = Math.BigMul(value, factor, out ulong lower);
        return unchecked(upper ^ lower ^ value);
    }
}
