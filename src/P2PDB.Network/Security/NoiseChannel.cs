// NOISE TRANSPORT MESSAGE: u16 big-endian length, then that many bytes of ciphertext with its 16-byte tag.
using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using P2PDB.Network.Transports;

namespace P2PDB.Network.Security;

/// <summary>
/// The encrypted channel after a handshake. A message that fits the reader's buffer is decrypted straight into it; only a larger one is
/// decrypted in place and copied in parts. One reader and one writer at a time.
/// The ciphers' handles are left to their finalizers: the connection may be aborted while a write is still sealing.
/// </summary>
internal sealed class NoiseChannel : IByteChannel
{
    private const int PrefixLength = 2;
    private const int MessageLengthMax = PrefixLength + Limits.NoiseMessageLengthMax;
    private const int PlaintextLengthMax = Limits.NoiseMessageLengthMax - CipherState.TagLength;

    // An idle connection keeps this little; the first full buffer makes room for whole messages.
    private const int BufferLengthInitial = 4_096;
    private const int BufferLengthGrown = 2 * MessageLengthMax;

    // Messages sealed into one send: enough to amortise the system call, little enough for the processor's cache.
    private const int BatchLengthMax = 4 * MessageLengthMax;

    private readonly IByteChannel _inner;
    private readonly CipherState _sendCipher;
    private readonly CipherState _receiveCipher;
    private byte[] _received = new byte[BufferLengthInitial];
    private int _start;
    private int _end;
    private int _plainStart;
    private int _plainEnd;
    private bool _isCrowded;

    public NoiseChannel(IByteChannel inner, CipherState sendCipher, CipherState receiveCipher)
    {
        _inner = inner;
        _sendCipher = sendCipher;
        _receiveCipher = receiveCipher;
    }

    /// <summary>True once a message failed its authentication or was too short to have a tag.</summary>
    public bool IsTampered { get; private set; }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken cancellationToken)
    {
        while (true)
        {
            int delivered = Deliver(target.Span);
            if (delivered > 0)
                return delivered;
            if (IsTampered)
                return 0;

            MakeRoom();
            int received = await _inner.ReceiveAsync(_received.AsMemory(_end), cancellationToken).ConfigureAwait(false);
            if (received == 0)
                return 0;

            _end += received;
            _isCrowded |= _end == _received.Length;
        }
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken)
    {
        int sealedLengthMax = source.Length + ((source.Length / PlaintextLengthMax) + 1) * (PrefixLength + CipherState.TagLength);
        byte[] batch = ArrayPool<byte>.Shared.Rent(Math.Min(sealedLengthMax, BatchLengthMax));
        try
        {
            while (!source.IsEmpty)
            {
                int length = Seal(ref source, batch);
                if (!await _inner.SendAsync(batch.AsMemory(0, length), cancellationToken).ConfigureAwait(false))
                    return false;
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(batch);
        }
    }

    /// <inheritdoc/>
    public void Abort() => _inner.Abort();

    // Seals messages until the batch is full or nothing is left; returns the batch's length.
    private int Seal(ref ReadOnlyMemory<byte> source, byte[] batch)
    {
        int length = 0;
        do
        {
            int overhead = PrefixLength + CipherState.TagLength;
            int take = Math.Min(Math.Min(source.Length, PlaintextLengthMax), batch.Length - length - overhead);
            BinaryPrimitives.WriteUInt16BigEndian(batch.AsSpan(length), (ushort)(take + CipherState.TagLength));
            _sendCipher.Encrypt(source.Span[..take], batch.AsSpan(length + PrefixLength, take + CipherState.TagLength));
            length += overhead + take;
            source = source[take..];
        }
        while (!source.IsEmpty && batch.Length - length > PrefixLength + CipherState.TagLength + BufferLengthInitial);

        return length;
    }

    private int Deliver(Span<byte> target)
    {
        int delivered = CopyPlain(target);
        while (delivered < target.Length && TryPeek(out int messageLength))
        {
            int plainLength = messageLength - CipherState.TagLength;
            Span<byte> message = _received.AsSpan(_start + PrefixLength, messageLength);
            if (plainLength <= target.Length - delivered)
            {
                if (!TryOpen(message, target.Slice(delivered, plainLength)))
                    break;

                delivered += plainLength;
                _start += PrefixLength + messageLength;
            }
            else if (delivered == 0)
            {
                if (!TryOpen(message, message[..plainLength]))
                    break;

                _plainStart = _start + PrefixLength;
                _plainEnd = _plainStart + plainLength;
                _start += PrefixLength + messageLength;
                delivered = CopyPlain(target);
            }
            else
            {
                break;   // the next call decrypts it, perhaps straight into an empty target
            }
        }

        return delivered;
    }

    private int CopyPlain(Span<byte> target)
    {
        int length = Math.Min(target.Length, _plainEnd - _plainStart);
        _received.AsSpan(_plainStart, length).CopyTo(target);
        _plainStart += length;
        return length;
    }

    private bool TryPeek(out int messageLength)
    {
        messageLength = 0;
        if (IsTampered || _end - _start < PrefixLength)
            return false;

        messageLength = BinaryPrimitives.ReadUInt16BigEndian(_received.AsSpan(_start));
        if (messageLength < CipherState.TagLength)
        {
            IsTampered = true;
            return false;
        }

        return _end - _start >= PrefixLength + messageLength;
    }

    private bool TryOpen(ReadOnlySpan<byte> message, Span<byte> target)
    {
        IsTampered = !_receiveCipher.TryDecrypt(message, target);
        return !IsTampered;
    }

    // Called only when no plaintext is left and no whole message is here.
    private void MakeRoom()
    {
        int needed = _end - _start >= PrefixLength
            ? PrefixLength + BinaryPrimitives.ReadUInt16BigEndian(_received.AsSpan(_start))
            : PrefixLength;
        Span<byte> rest = _received.AsSpan(_start, _end - _start);
        if (needed > _received.Length || (_isCrowded && _received.Length == BufferLengthInitial))
        {
            byte[] grown = new byte[BufferLengthGrown];
            rest.CopyTo(grown);
            _received = grown;
        }
        else if (rest.IsEmpty || _start + needed > _received.Length || _start > _received.Length / 2)
        {
            rest.CopyTo(_received);
        }
        else
        {
            return;
        }

        _end -= _start;
        _start = 0;
    }
}
