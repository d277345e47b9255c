using System.Security.Cryptography;

namespace P2PDB.Engine;

/// <summary>Makes and checks the stored form of passwords, byte for byte MySQL's <c>authentication_string</c>.</summary>
public static class PasswordHash
{
    /// <summary>Length of the random salt that <see cref="CachingSha2"/> wants, bytes.</summary>
    public const int SaltLength = 20;

    /// <summary>Bytes of a password at most, as in MySQL.</summary>
    public const int PasswordLengthMax = 256;

    private const int NativeLength = 1 + 2 * SHA1.HashSizeInBytes;
    private const int Sha2RoundsPerUnit = 1_000;
    private const int Sha2PrefixLength = 7;    // $A$005$

    /// <summary>Stored form for mysql_native_password: a star and SHA1(SHA1(password)) in upper-case hex.</summary>
    public static byte[] Native(ReadOnlySpan<byte> password)
    {
        if (password.IsEmpty)
            return [];

        Span<byte> digest = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The plugin is defined with SHA-1.
        SHA1.HashData(password, digest);
        SHA1.HashData(digest, digest);
#pragma warning restore CA5350
        byte[] stored = new byte[NativeLength];
        stored[0] = (byte)'*';
        for (int i = 0; i < digest.Length; i++)
            digest[i].TryFormat(stored.AsSpan(1 + 2 * i), out _, "X2");
        return stored;
    }

    /// <summary>Reads the 20 bytes SHA1(SHA1(password)) from the stored form; false when it is not of that form.</summary>
    public static bool TryReadNative(ReadOnlySpan<byte> stored, Span<byte> digest)
    {
        if (stored.Length != NativeLength || stored[0] != (byte)'*')
            return false;

        return Convert.FromHexString(stored[1..], digest, out _, out _) == System.Buffers.OperationStatus.Done;
    }

    /// <summary>
    /// Stored form for caching_sha2_password: <c>$A$005$</c>, the salt and the SHA-256 crypt of 5,000 rounds.
    /// </summary>
    /// <param name="password">The password, UTF-8.</param>
    /// <param name="random"><see cref="SaltLength"/> random bytes; they are mapped to printable ones.</param>
    public static byte[] CachingSha2(ReadOnlySpan<byte> password, ReadOnlySpan<byte> random)
    {
        if (password.IsEmpty)
            return [];

        ArgumentOutOfRangeException.ThrowIfNotEqual(random.Length, SaltLength, nameof(random));
        byte[] stored = new byte[Sha2PrefixLength + SaltLength + Sha256Crypt.TextLength];
        "$A$005$"u8.CopyTo(stored);
        Span<byte> salt = stored.AsSpan(Sha2PrefixLength, SaltLength);
        for (int i = 0; i < salt.Length; i++)
            salt[i] = Sha256Crypt.Alphabet[random[i] & 63];
        Sha256Crypt.Hash(password, salt, 5 * Sha2RoundsPerUnit, stored.AsSpan(Sha2PrefixLength + SaltLength));
        return stored;
    }

    /// <summary>True when the password is the one of a caching_sha2_password form. Takes milliseconds by design.</summary>
    public static bool VerifyCachingSha2(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> password)
    {
        // Hashing takes the square of the length; who is not let in yet must not choose it.
        if (password.Length > PasswordLengthMax || !TryReadUnits(stored, out int units))
            return false;

        Span<byte> text = stackalloc byte[Sha256Crypt.TextLength];
        ReadOnlySpan<byte> salt = stored.Slice(Sha2PrefixLength, SaltLength);
        Sha256Crypt.Hash(password, salt, Math.Max(units, 1) * Sha2RoundsPerUnit, text);
        return CryptographicOperations.FixedTimeEquals(text, stored[(Sha2PrefixLength + SaltLength)..]);
    }

    /// <summary>True for bytes that have the form of <see cref="CachingSha2"/>.</summary>
    internal static bool IsCachingSha2(ReadOnlySpan<byte> stored) => TryReadUnits(stored, out _);

    private static bool TryReadUnits(ReadOnlySpan<byte> stored, out int units)
    {
        units = 0;
        return stored.Length == Sha2PrefixLength + SaltLength + Sha256Crypt.TextLength && stored.StartsWith("$A$"u8) && stored[6] == (byte)'$'
            && int.TryParse(stored[3..6], System.Globalization.NumberStyles.AllowHexSpecifier, null, out units);
    }
}
