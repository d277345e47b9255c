using System.Security.Cryptography;

namespace P2PDB.Network.Security;

/// <summary>Noise's SymmetricState with SHA-256: the chaining key and the hash over all that was said in the handshake.</summary>
internal sealed class SymmetricState : IDisposable
{
    private readonly byte[] _chainingKey;
    private readonly byte[] _hash;
    private CipherState? _cipher;

    /// <summary>Starts from the protocol's name, which is exactly 32 bytes long here, and an empty prologue.</summary>
    public SymmetricState(ReadOnlySpan<byte> protocolName)
    {
        _hash = new byte[32];
        protocolName.CopyTo(_hash);
        _chainingKey = (byte[])_hash.Clone();
        MixHash([]);
    }

    /// <summary>Bytes that encryption adds at this point of the handshake: none before the first key.</summary>
    public int Overhead => _cipher is null ? 0 : CipherState.TagLength;

    /// <summary>Takes what was sent or received into the hash.</summary>
    public void MixHash(ReadOnlySpan<byte> data)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_hash);
        hash.AppendData(data);
        hash.GetHashAndReset(_hash);
    }

    /// <summary>Takes a shared secret into the chaining key and starts a new cipher.</summary>
    public void MixKey(ReadOnlySpan<byte> secret)
    {
        Span<byte> keys = stackalloc byte[64];
        DeriveKeys(secret, keys);
        keys[..32].CopyTo(_chainingKey);
        _cipher?.Dispose();
        _cipher = new CipherState(keys[32..]);
        CryptographicOperations.ZeroMemory(keys);
    }

    /// <summary>Writes the plaintext, encrypted once there is a key; returns the length written.</summary>
    public int EncryptAndHash(ReadOnlySpan<byte> plaintext, Span<byte> target)
    {
        int length = plaintext.Length + Overhead;
        if (_cipher is null)
            plaintext.CopyTo(target);
        else
            _cipher.Encrypt(plaintext, target[..length], _hash);

        MixHash(target[..length]);
        return length;
    }

    /// <summary>Reads what <see cref="EncryptAndHash"/> wrote at the other end; false if it was altered.</summary>
    public bool TryDecryptAndHash(ReadOnlySpan<byte> message, Span<byte> target)
    {
        if (_cipher is null)
            message.CopyTo(target);
        else if (!_cipher.TryDecrypt(message, target, _hash))
            return false;

        MixHash(message);
        return true;
    }

    /// <summary>The two ciphers of the transport phase: the initiator's sending one first.</summary>
    public (CipherState Initiator, CipherState Responder) Split()
    {
        Span<byte> keys = stackalloc byte[64];
        DeriveKeys([], keys);
        var ciphers = (new CipherState(keys[..32]), new CipherState(keys[32..]));
        CryptographicOperations.ZeroMemory(keys);
        return ciphers;
    }

    public void Dispose()
    {
        _cipher?.Dispose();
        CryptographicOperations.ZeroMemory(_chainingKey);
    }

    // HKDF with two outputs. Not System.Security.Cryptography.HKDF: OpenSSL refuses the empty input of Split.
    private void DeriveKeys(ReadOnlySpan<byte> input, Span<byte> keys)
    {
        Span<byte> extracted = stackalloc byte[32];
        HMACSHA256.HashData(_chainingKey, input, extracted);
        HMACSHA256.HashData(extracted, [1], keys[..32]);

        Span<byte> second = stackalloc byte[33];
        keys[..32].CopyTo(second);
        second[32] = 2;
        HMACSHA256.HashData(extracted, second, keys[32..]);
        CryptographicOperations.ZeroMemory(extracted);
        CryptographicOperations.ZeroMemory(second);
    }
}
