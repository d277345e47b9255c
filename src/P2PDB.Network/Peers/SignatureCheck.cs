// SIGNATURES OF THE KEY KINDS THAT LIBP2P HAS BESIDE ED25519 (libp2p peer-id specification); all over SHA-256 of the message:
//   RSA        key: PKIX SubjectPublicKeyInfo, DER; signature: PKCS #1 v1.5
//   ECDSA      key: PKIX SubjectPublicKeyInfo, DER, a NIST curve; signature: DER sequence of r and s
//   secp256k1  key: compressed point, 33 bytes; signature: DER sequence of r and s
using System.Numerics;
using System.Security.Cryptography;

namespace P2PDB.Network.Peers;

/// <summary>
/// Verifies signatures of foreign identity keys, so that peers who have one can connect. This node signs by Ed25519 alone. A key or signature
/// that is malformed does not verify; so does one of secp256k1 where the system's OpenSSL lacks the curve.
/// </summary>
internal static class SignatureCheck
{
    private const string Secp256k1Oid = "1.3.132.0.10";
    private const int CoordinateLength = 32;
    private const int RsaBitsMin = 2_048;
    private const int RsaBitsMax = 8_192;

    private static readonly BigInteger Secp256k1Prime = BigInteger.Pow(2, 256) - BigInteger.Pow(2, 32) - 977;

    /// <summary>True if the RSA key made the signature. Keys under 2,048 bits prove nothing; over 8,192 they only cost time.</summary>
    public static bool IsRsa(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        try
        {
            using var rsa = RSA.Create();
            rsa.ImportSubjectPublicKeyInfo(key, out int length);
            return length == key.Length && rsa.KeySize is >= RsaBitsMin and <= RsaBitsMax
                && rsa.VerifyData(message, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            return false;   // ends the connection, so the throw is paid once
        }
    }

    /// <summary>True if the ECDSA key, on P-256, P-384 or P-521, made the signature.</summary>
    public static bool IsEcdsa(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportSubjectPublicKeyInfo(key, out int length);
            return length == key.Length && IsNistCurve(ecdsa)
                && ecdsa.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception failure) when (failure is CryptographicException or PlatformNotSupportedException)
        {
            return false;   // the latter says that the key names a curve which the system does not know
        }
    }

    /// <summary>True if the secp256k1 key made the signature.</summary>
    public static bool IsSecp256k1(ReadOnlySpan<byte> key, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (!TryDecompress(key, out ECPoint point))
            return false;

        try
        {
            using var ecdsa = ECDsa.Create(new ECParameters { Curve = ECCurve.CreateFromValue(Secp256k1Oid), Q = point });
            return ecdsa.VerifyData(message, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
        catch (Exception failure) when (failure is CryptographicException or PlatformNotSupportedException)
        {
            return false;
        }
    }

    // A curve that the key spells out has no name, even where it is one of these: nobody writes keys so but to try us.
    private static bool IsNistCurve(ECDsa key)
    {
        ECCurve curve = key.ExportParameters(includePrivateParameters: false).Curve;
        return curve.IsNamed && curve.Oid?.Value is "1.2.840.10045.3.1.7" or "1.3.132.0.34" or "1.3.132.0.35";
    }

    // y² = x³ + 7; of its two roots the first byte says which. The prime is 3 modulo 4, so the root is a power. .NET takes no compressed points.
    private static bool TryDecompress(ReadOnlySpan<byte> key, out ECPoint point)
    {
        point = default;
        if (key.Length != 1 + CoordinateLength || key[0] is not (2 or 3))
            return false;

        var x = new BigInteger(key[1..], isUnsigned: true, isBigEndian: true);
        if (x >= Secp256k1Prime)
            return false;

        BigInteger square = (BigInteger.ModPow(x, 3, Secp256k1Prime) + 7) % Secp256k1Prime;
        BigInteger y = BigInteger.ModPow(square, (Secp256k1Prime + 1) / 4, Secp256k1Prime);
        if (y * y % Secp256k1Prime != square)
            return false;   // no point has this x

        if (y.IsEven != (key[0] == 2))
            y = Secp256k1Prime - y;
        byte[] yBytes = new byte[CoordinateLength];
        int length = y.GetByteCount(isUnsigned: true);
        y.TryWriteBytes(yBytes.AsSpan(CoordinateLength - length), out _, isUnsigned: true, isBigEndian: true);
        point = new ECPoint { X = key[1..].ToArray(), Y = yBytes };
        return true;
    }
}
