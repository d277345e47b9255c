using System.Text;

namespace P2PDB.Engine.Sql;

/// <summary>
/// Finds statements whose text may hold what must not be kept beside their effects: a password or key that a function turns into something
/// else, or one that is about to be set. Errs on the side of silence: it looks at words alone.
/// </summary>
internal static class SecretWords
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "IDENTIFIED", "AES_ENCRYPT", "AES_DECRYPT", "MD5", "SHA", "SHA1", "SHA2", "ENCRYPT", "ENCODE", "DES_ENCRYPT", "DES_DECRYPT", "TOKEN",
    };

    /// <summary>True where a word of the text, quoted or not, names a secret or a function that takes one.</summary>
    public static bool AreIn(ReadOnlySpan<byte> text, in ParseOptions options)
    {
        var lexer = new Lexer(text, options);
        while (true)
        {
            Token token = lexer.Next();
            if (token.Kind == TokenKind.End)
                return false;
            if (token.Kind == TokenKind.Invalid)
                return true;
            if (token.Kind is not (TokenKind.Word or TokenKind.QuotedIdentifier))
                continue;
            string word = Encoding.UTF8.GetString(text[token.Start..token.End]).Trim('`', '"');
            if (Words.Contains(word) || word.Contains("passw", StringComparison.OrdinalIgnoreCase) || word.Contains("secret", StringComparison.OrdinalIgnoreCase))
                return true;
        }
    }
}
