using System.Buffers.Binary;
using System.Security.Cryptography;

namespace P2PDB.Network.Security;

/// <summary>
/// Noise's CipherState for ChaCha20-Poly1305: one key and the counter of its messages. One direction, one caller at a time.
/// The AEAD sits behind this type alone, so that another provider is one file.
/// </summary>
internal sealed class CipherState : IDisposable
{
    /// <summary>Bytes the authentication tag adds to each message.</summary>
    public const int TagLength = 16;

    private readonly ChaCha20Poly1305 _aead;
    private ulong _counter;

    public CipherState(ReadOnlySpan<byte> key) => _aead = new ChaCha20Poly1305(key);

    /// <summary>Encrypts into <paramref name="target"/>, which is longer by the tag and may start at the same byte.</summary>
    public void Encrypt(ReadOnlySpan<byte> plaintext, Span<byte> target, ReadOnlySpan<byte> associated = default)
    {
        Span<byte> nonce = stackalloc byte[12];
        WriteNonce(nonce);
        _aead.Encrypt(nonce, plaintext, target[..plaintext.Length], target.Slice(plaintext.Length, TagLength), associated);
    }

    /// <summary>Decrypts into <paramref name="target"/>, which is shorter by the tag; false for an altered message.</summary>
    public bool TryDecrypt(ReadOnlySpan<byte> ciphertext, Span<byte> target, ReadOnlySpan<byte> associated = default)
    {
        if (ciphertext.Length < TagLength)
            return false;

        Span<byte> nonce = stackalloc byte[12];
        WriteNonce(nonce);
        int length = ciphertext.Length - TagLength;
        try
        {
            _aead.Decrypt(nonce, ciphertext[..length], ciphertext[length..], target[..length], associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;   // ends the connection, so the throw is paid once
        }
    }

    public void Dispose() => _aead.Dispose();

    // 2^64 messages are out of reach, so the counter cannot repeat.
    private void WriteNonce(Span<byte> nonce)
    {
        nonce[..4].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], _counter++);
    }
}
