using System.Security.Cryptography;
using System.Text;

namespace P2PDB.Server.Authentication;

/// <summary>
/// The RSA key with which clients without TLS send a password once. Made when first asked for, for this process only:
/// it protects from listeners, not from someone in the middle, who could show a key of its own.
/// </summary>
internal sealed class KeyExchange : IDisposable
{
    private const int KeyLengthBits = 2048;

    private readonly Lazy<RSA> _key = new(() => RSA.Create(KeyLengthBits));

    /// <summary>Length of an encrypted password.</summary>
    public const int MessageLength = KeyLengthBits / 8;

    /// <summary>The public key in PEM, as clients want it.</summary>
    public byte[] PublicKeyPem => Encoding.ASCII.GetBytes(_key.Value.ExportSubjectPublicKeyInfoPem() + "\n");

    /// <summary>
    /// Decrypts a password: RSA-OAEP over the zero-terminated password xored with the repeated nonce. The password is
    /// at the start of <paramref name="target"/>; -1 when the message is none of this key's.
    /// </summary>
    public int Decrypt(ReadOnlySpan<byte> message, ReadOnlySpan<byte> nonce, Span<byte> target)
    {
        if (message.Length != MessageLength)
            return -1;

        int length;
        try
        {
            if (!_key.Value.TryDecrypt(message, target, RSAEncryptionPadding.OaepSHA1, out length))
                return -1;
        }
        catch (CryptographicException)
        {
            // .NET reports wrong padding in no other way; it happens once per failed login at most.
            return -1;
        }

        for (int i = 0; i < length; i++)
            target[i] ^= nonce[i % nonce.Length];
        return length > 0 && target[length - 1] == 0 ? length - 1 : -1;
    }

    public void Dispose()
    {
        if (_key.IsValueCreated)
            _key.Value.Dispose();
    }
}
