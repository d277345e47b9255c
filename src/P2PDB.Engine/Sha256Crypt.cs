using System.Security.Cryptography;

namespace P2PDB.Engine;

/// <summary>
/// The SHA-256 variant of the Unix crypt scheme, which MySQL stores passwords with: a digest of password and salt is
/// hashed again and again, each round mixing in password, salt and the last digest in an order that depends on the
/// round's number, so that guessing costs the same work.
/// </summary>
internal static class Sha256Crypt
{
    /// <summary>Length of the encoded digest, bytes of ASCII.</summary>
    public const int TextLength = 43;

    private const int DigestLength = SHA256.HashSizeInBytes;

    /// <summary>The scheme's own base 64.</summary>
    public static ReadOnlySpan<byte> Alphabet => "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8;

    /// <summary>Writes the encoded digest of the password to the first 43 bytes of <paramref name="text"/>.</summary>
    public static void Hash(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int rounds, Span<byte> text)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> digest = stackalloc byte[DigestLength];
        Span<byte> other = stackalloc byte[DigestLength];

        hash.AppendData(password);
        hash.AppendData(salt);
        hash.AppendData(password);
        hash.GetHashAndReset(other);

        hash.AppendData(password);
        hash.AppendData(salt);
        AppendRepeated(hash, other, password.Length);
        for (int bits = password.Length; bits > 0; bits >>= 1)
            hash.AppendData((bits & 1) != 0 ? other : password);
        hash.GetHashAndReset(digest);

        for (int i = 0; i < password.Length; i++)
            hash.AppendData(password);
        hash.GetHashAndReset(other);
        byte[] passwordMix = Repeat(other, password.Length);

        for (int i = 0; i < 16 + digest[0]; i++)
            hash.AppendData(salt);
        hash.GetHashAndReset(other);
        byte[] saltMix = Repeat(other, salt.Length);

        // One buffer and one-shot hashing: a round costs a third of what five appends do.
        byte[] round = new byte[2 * passwordMix.Length + saltMix.Length + DigestLength];
        for (int i = 0; i < rounds; i++)
        {
            int used = Append(round, 0, (i & 1) != 0 ? passwordMix : digest);
            if (i % 3 != 0)
                used = Append(round, used, saltMix);
            if (i % 7 != 0)
                used = Append(round, used, passwordMix);
            used = Append(round, used, (i & 1) != 0 ? digest : passwordMix);
            SHA256.HashData(round.AsSpan(0, used), digest);
        }

        CryptographicOperations.ZeroMemory(round);
        CryptographicOperations.ZeroMemory(passwordMix);
        Encode(digest, text);
    }

    private static int Append(Span<byte> target, int used, ReadOnlySpan<byte> part)
    {
        part.CopyTo(target[used..]);
        return used + part.Length;
    }

    private static void AppendRepeated(IncrementalHash hash, ReadOnlySpan<byte> digest, int length)
    {
        for (; length > DigestLength; length -= DigestLength)
            hash.AppendData(digest);
        hash.AppendData(digest[..length]);
    }

    private static byte[] Repeat(ReadOnlySpan<byte> digest, int length)
    {
        byte[] result = new byte[length];
        for (int i = 0; i < length; i += DigestLength)
            digest[..Math.Min(DigestLength, length - i)].CopyTo(result.AsSpan(i));
        return result;
    }

    /// <summary>Three bytes become four characters, in the scheme's own order of bytes.</summary>
    private static void Encode(ReadOnlySpan<byte> digest, Span<byte> text)
    {
        int first = 0, second = 10, third = 20, written = 0;
        for (int i = 0; i < 10; i++)
        {
            EncodeGroup(digest[first] << 16 | digest[second] << 8 | digest[third], 4, text, ref written);
            (first, second, third) = (third + 1, first + 1, second + 1);
        }

        EncodeGroup(digest[31] << 8 | digest[30], 3, text, ref written);
    }

    private static void EncodeGroup(int bits, int count, Span<byte> text, ref int written)
    {
        for (; count > 0; count--, bits >>= 6)
            text[written++] = Alphabet[bits & 63];
    }
}
