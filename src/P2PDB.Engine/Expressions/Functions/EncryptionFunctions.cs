using System.Security.Cryptography;
using System.Text;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions.Functions;

/// <summary>
/// AES_ENCRYPT and AES_DECRYPT(text, key [, vector [, derivation [, salt [, info or iterations]]]]) in the mode of
/// <c>block_encryption_mode</c>. A key is folded into the mode's length by exclusive or, or derived.
/// </summary>
internal static class EncryptionFunctions
{
    private const int BlockLength = 16;
    private const int IterationCountDefault = 1000;

    public static void Register(Action<string, FunctionDefinition> add)
    {
        add("AES_ENCRYPT", new(2, 6, arguments => Bind("aes_encrypt", arguments, isEncryption: true)));
        add("AES_DECRYPT", new(2, 6, arguments => Bind("aes_decrypt", arguments, isEncryption: false)));
        add("VALIDATE_PASSWORD_STRENGTH", Argument.Define(1, arguments => new FunctionExpression("validate_password_strength",
            SqlType.BigInt.WithLength(10), Argument.Texts(arguments), (_, _, row, result) => result.SetInt64(row, 0))));   // without the component
    }

    private static FunctionExpression Bind(string name, Expression[] arguments, bool isEncryption) => new(name,
        SqlType.VarBinary(((Argument.LengthOf([arguments[0]]) * 4 / BlockLength) + 1) * BlockLength), Argument.Texts(arguments),
        (context, vectors, row, result) =>
        {
            if (vectors[0].IsNull(row) || vectors[1].IsNull(row))
            {
                result.SetNull(row);
                return;
            }

            string mode = Encoding.UTF8.GetString(context.Session.GetSystemVariable("block_encryption_mode", isGlobal: false).Bytes.Span);
            using var cipher = Aes.Create();
            cipher.KeySize = int.Parse(mode.AsSpan(4, 3), System.Globalization.CultureInfo.InvariantCulture);
            cipher.Key = Key(vectors, row, cipher.KeySize / 8);
            byte[] vector = Vector(context, name, vectors, row, needsVector: !mode.EndsWith("ecb", StringComparison.OrdinalIgnoreCase));
            if (TryTransform(cipher, mode, vector, vectors[0].GetBytes(row), isEncryption, name) is { } answer)
                result.SetBytes(row, answer);
            else
                result.SetNull(row);
        }, seesNulls: true);

    private static byte[]? TryTransform(Aes cipher, string mode, byte[] vector, ReadOnlySpan<byte> text, bool isEncryption, string name)
    {
        try
        {
#pragma warning disable CA5358 // The mode is the user's: a function of SQL, not a protection of ours.
            return mode.ToLowerInvariant()[8..] switch
            {
                "ecb" => isEncryption ? cipher.EncryptEcb(text, PaddingMode.PKCS7) : cipher.DecryptEcb(text, PaddingMode.PKCS7),
                "cbc" => isEncryption ? cipher.EncryptCbc(text, vector) : cipher.DecryptCbc(text, vector),
                "cfb8" => Feedback(cipher, vector, text, isEncryption, 8),
                "ofb" => OutputFeedback(cipher, vector, text),
                "cfb128" => Feedback(cipher, vector, text, isEncryption, 128),
                _ => throw SqlErrors.NotSupportedYet($"{name} with block_encryption_mode = {mode}").ToException(),
            };
#pragma warning restore CA5358
        }
        catch (CryptographicException)
        {
            return null;   // another key, or no ciphertext at all
        }
    }

    // These modes make a stream of the cipher: a last block that is not whole is cut.
    private static byte[] Feedback(Aes cipher, byte[] vector, ReadOnlySpan<byte> text, bool isEncryption, int bits)
    {
        byte[] whole = new byte[(text.Length + BlockLength - 1) / BlockLength * BlockLength];
        text.CopyTo(whole);
        byte[] answer = isEncryption
            ? cipher.EncryptCfb(whole, vector, PaddingMode.None, bits)
            : cipher.DecryptCfb(whole, vector, PaddingMode.None, bits);
        return answer[..text.Length];
    }

    private static byte[] OutputFeedback(Aes cipher, byte[] vector, ReadOnlySpan<byte> text)
    {
        byte[] answer = text.ToArray();
        byte[] stream = vector;
        for (int i = 0; i < answer.Length; i++)
        {
            if (i % BlockLength == 0)
                stream = cipher.EncryptEcb(stream, PaddingMode.None);
            answer[i] ^= stream[i % BlockLength];
        }

        return answer;
    }

    private static byte[] Vector(EvaluationContext context, string name, ReadOnlySpan<ColumnVector> vectors, int row, bool needsVector)
    {
        bool isGiven = vectors.Length > 2 && !vectors[2].IsNull(row);
        if (!needsVector)
        {
            if (isGiven)
                context.Warn(FunctionErrors.OptionIgnored("IV"));
            return [];
        }

        if (!isGiven)
            throw SqlErrors.WrongParameterCountToFunction(name).ToException();
        ReadOnlySpan<byte> vector = vectors[2].GetBytes(row);
        return vector.Length >= BlockLength
            ? vector[..BlockLength].ToArray()
            : throw FunctionErrors.InitializationVectorTooShort(name).ToException();
    }

    private static byte[] Key(ReadOnlySpan<ColumnVector> vectors, int row, int length)
    {
        byte[] given = vectors[1].GetBytes(row).ToArray();
        if (vectors.Length > 3 && !vectors[3].IsNull(row))
            return Derive(vectors, row, given, length);
        byte[] key = new byte[length];
        for (int i = 0; i < given.Length; i++)
            key[i % length] ^= given[i];
        return key;
    }

    private static byte[] Derive(ReadOnlySpan<ColumnVector> vectors, int row, byte[] given, int length)
    {
        byte[] salt = vectors.Length > 4 ? vectors[4].GetBytes(row).ToArray() : [];
        ReadOnlySpan<byte> last = vectors.Length > 5 ? vectors[5].GetBytes(row) : default;
        switch (Encoding.UTF8.GetString(vectors[3].GetBytes(row)))
        {
            case "hkdf":
                return HKDF.DeriveKey(HashAlgorithmName.SHA512, given, length, salt, last.ToArray());
            case "pbkdf2_hmac":
                int iterations = IterationCountDefault;
                bool isCount = last.IsEmpty || (int.TryParse(last, out iterations) && iterations is >= IterationCountDefault and <= ushort.MaxValue);
                if (isCount)
                    return Rfc2898DeriveBytes.Pbkdf2(given, salt, iterations, HashAlgorithmName.SHA512, length);
                break;
            default:
                break;
        }

        throw SqlErrors.WrongArguments("aes_encrypt").ToException();
    }
}
