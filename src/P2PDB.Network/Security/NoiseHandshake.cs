// NOISE XX (Noise_XX_25519_ChaChaPoly_SHA256), empty prologue. libp2p's payload travels in messages 2 and 3.
//   1  →  e                     32 bytes
//   2  ←  e, ee, s, es, payload 32 + 48 + payload + 16 bytes
//   3  →  s, se, payload        48 + payload + 16 bytes
// Each message has a 16-bit big-endian length before it on the wire (NoiseUpgrade adds it).
namespace P2PDB.Network.Security;

/// <summary>
/// One side of a Noise XX handshake, message by message, without I/O. A false result ends the handshake: the object is then only to
/// be disposed.
/// </summary>
internal sealed class NoiseHandshake : IDisposable
{
    private const int KeyLength = 32;

    private readonly bool _isInitiator;
    private readonly NoiseKeyPair _static;
    private readonly NoiseKeyPair _ephemeral;
    private readonly SymmetricState _state;
    private readonly byte[] _remoteStatic = new byte[KeyLength];
    private readonly byte[] _remoteEphemeral = new byte[KeyLength];
    private int _messageIndex;

    public NoiseHandshake(bool isInitiator, NoiseKeyPair staticKey, NoiseKeyPair ephemeralKey)
    {
        _isInitiator = isInitiator;
        _static = staticKey;
        _ephemeral = ephemeralKey;
        _state = new SymmetricState("Noise_XX_25519_ChaChaPoly_SHA256"u8);
    }

    /// <summary>The remote's static key, once its message was read.</summary>
    public ReadOnlySpan<byte> RemoteStatic => _remoteStatic;

    /// <summary>True if the next message is ours to write.</summary>
    public bool IsOurTurn => (_messageIndex & 1) == (_isInitiator ? 0 : 1);

    /// <summary>True after the third message.</summary>
    public bool IsDone => _messageIndex == 3;

    /// <summary>Writes the next message; its length, or 0 if the remote's key is of small order.</summary>
    public int Write(ReadOnlySpan<byte> payload, Span<byte> target)
    {
        int length = 0;
        if (_messageIndex < 2)
        {
            _ephemeral.PublicKey.CopyTo(target);
            _state.MixHash(_ephemeral.PublicKey);
            length = KeyLength;
        }

        if (_messageIndex == 1 && !TryMix(_ephemeral, _remoteEphemeral))
            return 0;

        if (_messageIndex > 0)
        {
            length += _state.EncryptAndHash(_static.PublicKey, target[length..]);

            // "es" in message 2, "se" in message 3: the sender's static key with the receiver's ephemeral one.
            if (!TryMix(_static, _remoteEphemeral))
                return 0;
        }

        length += _state.EncryptAndHash(payload, target[length..]);
        _messageIndex++;
        return length;
    }

    /// <summary>Reads the next message and copies its payload; the payload's length, or -1 for a message that is not right.</summary>
    public int Read(ReadOnlySpan<byte> message, Span<byte> payload)
    {
        if (_messageIndex < 2)
        {
            if (message.Length < KeyLength)
                return -1;

            message[..KeyLength].CopyTo(_remoteEphemeral);
            _state.MixHash(_remoteEphemeral);
            message = message[KeyLength..];
        }

        if (_messageIndex == 1 && !TryMix(_ephemeral, _remoteEphemeral))
            return -1;

        if (_messageIndex > 0)
        {
            int encryptedKeyLength = KeyLength + CipherState.TagLength;
            if (message.Length < encryptedKeyLength || !_state.TryDecryptAndHash(message[..encryptedKeyLength], _remoteStatic)
                || !TryMix(_ephemeral, _remoteStatic))
            {
                return -1;
            }

            message = message[encryptedKeyLength..];
        }

        int length = message.Length - _state.Overhead;
        if (length < 0 || length > payload.Length || !_state.TryDecryptAndHash(message, payload[..length]))
            return -1;

        _messageIndex++;
        return length;
    }

    /// <summary>The transport ciphers: ours to send with and ours to receive with.</summary>
    public (CipherState Send, CipherState Receive) Split()
    {
        (CipherState initiator, CipherState responder) = _state.Split();
        return _isInitiator ? (initiator, responder) : (responder, initiator);
    }

    public void Dispose()
    {
        _state.Dispose();
        _ephemeral.Clear();
        _static.Clear();
    }

    private bool TryMix(NoiseKeyPair local, ReadOnlySpan<byte> remote)
    {
        Span<byte> secret = stackalloc byte[KeyLength];
        if (!local.TryAgree(remote, secret))
            return false;

        _state.MixKey(secret);
        secret.Clear();
        return true;
    }
}
