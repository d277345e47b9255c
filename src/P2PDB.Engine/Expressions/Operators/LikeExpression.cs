using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Operators;

/// <summary>
/// text LIKE pattern ESCAPE c: % stands for any characters, _ for one. Characters compare one by one under the
/// collation. A matcher that remembers the last % runs in the product of both lengths at worst.
/// </summary>
internal sealed class LikeExpression : Expression
{
    private readonly Expression[] _operands;
    private readonly Collation _collation;
    private readonly bool _isNegated;

    public LikeExpression(Expression text, Expression pattern, Expression? escape, bool isNegated)
        : base(SqlType.Boolean)
    {
        text = ComparisonTyping.AsText(text);
        pattern = ComparisonTyping.AsText(pattern);
        _collation = NumericTyping.CollationOf([text, pattern]);
        _operands = escape is null ? [text, pattern] : [text, pattern, ComparisonTyping.AsText(escape)];
        _isNegated = isNegated;
    }

    public override bool IsBoolean => true;

    public override ReadOnlySpan<Expression> Children => _operands;

    public override bool IsNullable => _operands[0].IsNullable || _operands[1].IsNullable;

    public override void Evaluate(EvaluationContext context, RowBatch input, ColumnVector result)
    {
        ReadOnlySpan<ColumnVector> operands = context.RentAll(_operands, input);
        result.Reset(Type);
        for (int i = 0; i < input.SelectedCount; i++)
        {
            int row = input.RowAt(i);
            if (operands[0].IsNull(row) || operands[1].IsNull(row))
            {
                result.SetNull(row);
                continue;
            }

            ReadOnlySpan<byte> escape = operands.Length > 2 && !operands[2].IsNull(row) ? operands[2].GetBytes(row)
                : (context.Mode & SqlMode.NoBackslashEscapes) != 0 ? default : "\\"u8;
            if (escape.Length > 1 && Utf8.LengthOfFirst(escape) != escape.Length)
                throw SqlErrors.WrongArguments("ESCAPE").ToException();
            bool matches = Matches(operands[0].GetBytes(row), operands[1].GetBytes(row), escape, _collation);
            result.SetBoolean(row, matches != _isNegated);
        }

        context.Return(operands.Length);
    }

    /// <summary>Matches a text with a pattern.</summary>
    internal static bool Matches(ReadOnlySpan<byte> text, ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> escape, Collation collation)
    {
        int at = 0, wanted = 0;
        int retryPattern = -1, retryText = 0;
        while (true)
        {
            if (wanted < pattern.Length && pattern[wanted] == '%' && !StartsWith(pattern[wanted..], escape))
            {
                retryPattern = ++wanted;
                retryText = at;
                continue;
            }

            if (at == text.Length)
                return wanted == pattern.Length || OnlyPercents(pattern[wanted..], escape);
            if (wanted < pattern.Length && MatchOne(text[at..], pattern[wanted..], escape, collation,
                out int textLength, out int patternLength))
            {
                at += textLength;
                wanted += patternLength;
                continue;
            }

            if (retryPattern < 0)
                return false;
            retryText += LengthOf(text[retryText..], collation);
            at = retryText;
            wanted = retryPattern;
        }
    }

    private static bool StartsWith(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> escape) =>
        !escape.IsEmpty && pattern.StartsWith(escape);

    private static bool OnlyPercents(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> escape) =>
        !pattern.ContainsAnyExcept((byte)'%') && !StartsWith(pattern, escape);

    private static int LengthOf(ReadOnlySpan<byte> text, Collation collation) =>
        collation.IsBinary ? 1 : Utf8.LengthOfFirst(text);

    private static bool MatchOne(ReadOnlySpan<byte> text, ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> escape,
        Collation collation, out int textLength, out int patternLength)
    {
        textLength = LengthOf(text, collation);
        int skipped = 0;
        if (StartsWith(pattern, escape) && pattern.Length > escape.Length)
        {
            skipped = escape.Length;
            pattern = pattern[skipped..];
        }
        else if (pattern[0] == '_')
        {
            patternLength = 1;
            return true;
        }

        int length = LengthOf(pattern, collation);
        patternLength = skipped + length;
        return collation.CharactersEqual(text[..textLength], pattern[..length]);
    }
}
