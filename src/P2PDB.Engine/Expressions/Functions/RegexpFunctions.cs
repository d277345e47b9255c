using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using P2PDB.Engine.Expressions.Operators;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>
/// The REGEXP family. Patterns run without backtracking where they can, in linear time; those with look-around or back
/// references backtrack under a time limit (error 3699).
/// </summary>
internal static class RegexpFunctions
{
    /// <summary>Patterns kept compiled; when full the cache starts over.</summary>
    private const int CachedPatternCountMax = 256;

    private static readonly TimeSpan MatchTimeMax = TimeSpan.FromSeconds(2);
    private static readonly ConcurrentDictionary<(string Pattern, RegexOptions Options), Regex> Cache = new();

    public static void Register(Action<string, FunctionDefinition> add)
    {
        add("REGEXP_LIKE", new(2, 3, Like));
        add("REGEXP_INSTR", new(2, 6, arguments => Instr(arguments)));
        add("REGEXP_SUBSTR", new(2, 5, arguments => Substr(arguments)));
        add("REGEXP_REPLACE", new(3, 6, Replace));
    }

    private static FunctionExpression Like(Expression[] arguments)
    {
        bool ignoresCase = IgnoresCase(arguments);
        return new FunctionExpression("regexp_like", SqlType.Boolean, Argument.Texts(arguments), (_, vectors, row, result) =>
        {
            Regex regex = Compile(vectors[1], row, vectors.Length > 2 ? vectors[2] : null, ignoresCase);
            result.SetBoolean(row, IsMatch(regex, Text(vectors, 0, row)));
        });
    }

    private static bool IsMatch(Regex regex, string text)
    {
        try
        {
            return regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw SqlErrors.RegexpTimeout().ToException();
        }
    }

    private static string Text(ReadOnlySpan<ColumnVector> vectors, int index, int row) =>
        Encoding.UTF8.GetString(vectors[index].GetBytes(row));

    // (text, pattern, position, occurrence, return option, match type)
    private static FunctionExpression Instr(Expression[] arguments)
    {
        bool ignoresCase = IgnoresCase(arguments);
        return new FunctionExpression("regexp_instr", SqlType.BigInt.WithLength(11), Bind(arguments, 2, 5), (_, vectors, row, result) =>
        {
            Regex regex = Compile(vectors[1], row, vectors.Length > 5 ? vectors[5] : null, ignoresCase);
            string text = Text(vectors, 0, row);
            Match? match = Find(regex, text, Start(vectors, row, text), vectors.Length > 3 ? vectors[3].GetInt64(row) : 1);
            bool wantsEnd = vectors.Length > 4 && vectors[4].GetInt64(row) == 1;
            int index = match is null ? -1 : match.Index + (wantsEnd ? match.Length : 0);
            result.SetInt64(row, index < 0 ? 0 : CharacterCount(text, index) + 1);
        });
    }

    // (text, pattern, position, occurrence, match type)
    private static FunctionExpression Substr(Expression[] arguments)
    {
        bool ignoresCase = IgnoresCase(arguments);
        SqlType type = Argument.TextType(arguments.AsSpan(0, 1), NumericTyping.TextLengthOf(arguments[0].Type));
        return new FunctionExpression("regexp_substr", type, Bind(arguments, 2, 4), (_, vectors, row, result) =>
        {
            Regex regex = Compile(vectors[1], row, vectors.Length > 4 ? vectors[4] : null, ignoresCase);
            string text = Text(vectors, 0, row);
            Match? match = Find(regex, text, Start(vectors, row, text), vectors.Length > 3 ? vectors[3].GetInt64(row) : 1);
            if (match is null)
                result.SetNull(row);
            else
                result.SetBytes(row, Encoding.UTF8.GetBytes(match.Value));
        });
    }

    // (text, pattern, replacement, position, occurrence, match type)
    private static FunctionExpression Replace(Expression[] arguments)
    {
        bool ignoresCase = IgnoresCase(arguments);
        return new FunctionExpression("regexp_replace", Argument.TextType(arguments.AsSpan(0, 1), 1 << 20), Bind(arguments, 3, 5),
            (_, vectors, row, result) =>
            {
                Regex regex = Compile(vectors[1], row, vectors.Length > 5 ? vectors[5] : null, ignoresCase);
                string text = Text(vectors, 0, row);
                string replacement = Text(vectors, 2, row).Replace("\\$", "$$", StringComparison.Ordinal);
                int start = 0;
                if (vectors.Length > 3)
                    start = StartAt(vectors[3].GetInt64(row), text);
                long occurrence = vectors.Length > 4 ? vectors[4].GetInt64(row) : 0;
                try
                {
                    long seen = 0;
                    string replaced = occurrence == 0
                        ? regex.Replace(text, replacement, -1, start)
                        : regex.Replace(text, match => ++seen == occurrence ? match.Result(replacement) : match.Value, -1, start);
                    result.SetBytes(row, Encoding.UTF8.GetBytes(replaced));
                }
                catch (RegexMatchTimeoutException)
                {
                    throw SqlErrors.RegexpTimeout().ToException();
                }
            });
    }

    private static Expression[] Bind(Expression[] arguments, int firstNumber, int matchType)
    {
        Expression[] bound = Argument.Texts(arguments);
        for (int i = firstNumber; i < Math.Min(bound.Length, matchType); i++)
            bound[i] = Argument.Integer(arguments[i]);
        return bound;
    }

    private static bool IgnoresCase(Expression[] arguments)
    {
        Collation collation = NumericTyping.CollationOf(arguments.AsSpan(0, 2));
        return !collation.IsBytewise;
    }

    private static int Start(ReadOnlySpan<ColumnVector> vectors, int row, string text) =>
        vectors.Length > 2 ? StartAt(vectors[2].GetInt64(row), text) : 0;

    private static int StartAt(long position, string text)
    {
        if (position < 1 || position > text.Length + 1)
            throw new SqlError(3686, "HY000", "Index out of bounds in regular expression search.").ToException();
        return (int)position - 1;
    }

    private static Match? Find(Regex regex, string text, int start, long occurrence)
    {
        try
        {
            Match match = regex.Match(text, start);
            for (long i = 1; i < occurrence && match.Success; i++)
                match = match.NextMatch();
            return match.Success ? match : null;
        }
        catch (RegexMatchTimeoutException)
        {
            throw SqlErrors.RegexpTimeout().ToException();
        }
    }

    private static int CharacterCount(string text, int index)
    {
        int count = 0;
        for (int i = 0; i < index; i++)
            count += char.IsLowSurrogate(text[i]) ? 0 : 1;
        return count;
    }

    private static Regex Compile(ColumnVector pattern, int row, ColumnVector? matchType, bool ignoresCase)
    {
        RegexOptions options = RegexOptions.CultureInvariant | (ignoresCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        foreach (byte flag in matchType is null ? default : matchType.GetBytes(row))
        {
            options = (char)flag switch
            {
                'c' => options & ~RegexOptions.IgnoreCase,
                'i' => options | RegexOptions.IgnoreCase,
                'm' => options | RegexOptions.Multiline,
                'n' => options | RegexOptions.Singleline,
                'u' => options,
                _ => throw SqlErrors.WrongArguments("regexp_like").ToException(),
            };
        }

        string text = Encoding.UTF8.GetString(pattern.GetBytes(row));
        if (text.Length == 0)
            throw SqlErrors.RegexpError().ToException();
        if (Cache.TryGetValue((text, options), out Regex? cached))
            return cached;
        if (Cache.Count >= CachedPatternCountMax)
            Cache.Clear();
        return Cache[(text, options)] = Build(Translate(text), options);
    }

    private static Regex Build(string pattern, RegexOptions options)
    {
        try
        {
            return new Regex(pattern, options | RegexOptions.NonBacktracking, MatchTimeMax);
        }
        catch (NotSupportedException)
        {
            return new Regex(pattern, options, MatchTimeMax);
        }
        catch (RegexParseException error)
        {
            throw (error.Error switch
            {
                RegexParseError.InsufficientClosingParentheses or RegexParseError.InsufficientOpeningParentheses =>
                    SqlErrors.RegexpMismatchedParenthesis(),
                RegexParseError.UnterminatedBracket => SqlErrors.RegexpMissingClosingBracket(),
                _ => SqlErrors.RegexpError(),
            }).ToException();
        }
    }

    // POSIX classes and word boundaries as .NET writes them.
    private static string Translate(string pattern)
    {
        (string Posix, string Net)[] classes =
        [
            ("[:alnum:]", "\\p{L}\\p{Nd}"), ("[:alpha:]", "\\p{L}"), ("[:digit:]", "\\d"), ("[:space:]", "\\s"),
            ("[:upper:]", "\\p{Lu}"), ("[:lower:]", "\\p{Ll}"), ("[:punct:]", "\\p{P}\\p{S}"), ("[:blank:]", " \\t"),
            ("[:xdigit:]", "0-9A-Fa-f"), ("[:cntrl:]", "\\p{Cc}"), ("[:word:]", "\\w"),
            ("[[:<:]]", "\\b(?=\\w)"), ("[[:>:]]", "\\b(?<=\\w)"),
        ];
        foreach ((string posix, string net) in classes)
            pattern = pattern.Replace(posix, net, StringComparison.Ordinal);
        return pattern;
    }
}
