using System.Buffers;
using System.Buffers.Binary;
using P2PDB.Network.Peers;
using P2PDB.Network.Transports;
using P2PDB.Primitives.Keys;

namespace P2PDB.Network.Security;

/// <summary>Runs the Noise handshake over a raw channel and proves who the remote is.</summary>
internal static class NoiseUpgrade
{
    /// <summary>The protocol id in multistream negotiation.</summary>
    public const string ProtocolId = "/noise";

    private static NoiseOutcome Failed => default;

    /// <summary>Does the handshake; the outcome's channel is null where it failed.</summary>
    /// <param name="raw">The channel below; stays the caller's to abort if this fails.</param>
    /// <param name="identity">Our key.</param>
    /// <param name="isInitiator">True for the side that dialled.</param>
    /// <param name="muxers">Muxers to name in the handshake; empty to leave the choice to multistream.</param>
    /// <param name="cancellationToken">Ends the handshake.</param>
    public static async ValueTask<NoiseOutcome> RunAsync(
        IByteChannel raw, SigningKey identity, bool isInitiator, IReadOnlyList<string> muxers, CancellationToken cancellationToken)
    {
        NoiseKeyPair staticKey = NoiseKeyPair.Generate();
        byte[] ours = NoisePayload.Create(identity, staticKey.PublicKey, muxers).Encode();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(2 + Limits.NoiseMessageLengthMax);
        using var handshake = new NoiseHandshake(isInitiator, staticKey, NoiseKeyPair.Generate());
        try
        {
            NoisePayload? remote = null;
            for (int i = 0; !handshake.IsDone; i++)
            {
                if (handshake.IsOurTurn)
                {
                    int length = handshake.Write(i == 0 ? [] : ours, buffer.AsSpan(2));
                    if (length == 0)
                        return Failed;

                    BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)length);
                    if (!await raw.SendAsync(buffer.AsMemory(0, 2 + length), cancellationToken).ConfigureAwait(false))
                        return Failed;
                }
                else
                {
                    int length = await ReceiveMessageAsync(raw, buffer, cancellationToken).ConfigureAwait(false);
                    if (length < 0 || !TryRead(handshake, buffer.AsSpan(0, length), isFirst: i == 0, ref remote))
                        return Failed;
                }
            }

            (CipherState send, CipherState receive) = handshake.Split();
            return new NoiseOutcome(new NoiseChannel(raw, send, receive), PeerId.FromKey(remote!.Identity), remote.Muxers);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool TryRead(NoiseHandshake handshake, ReadOnlySpan<byte> message, bool isFirst, ref NoisePayload? remote)
    {
        if (message.Length > Limits.NoisePayloadLengthMax + 128)
            return false;

        byte[] payload = new byte[message.Length];
        int length = handshake.Read(message, payload);
        if (length < 0 || isFirst)
            return length >= 0;   // the first message has no identity yet; what it carries is not authenticated and not used

        return NoisePayload.TryDecode(payload.AsSpan(0, length), out remote) && remote!.Proves(handshake.RemoteStatic);
    }

    // The length of the message at the start of the buffer, or -1 at the end of the channel. Reads nothing past the message.
    private static async ValueTask<int> ReceiveMessageAsync(IByteChannel raw, byte[] buffer, CancellationToken cancellationToken)
    {
        if (!await FillAsync(raw, buffer.AsMemory(0, 2), cancellationToken).ConfigureAwait(false))
            return -1;

        int length = BinaryPrimitives.ReadUInt16BigEndian(buffer);
        return await FillAsync(raw, buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false) ? length : -1;
    }

    private static async ValueTask<bool> FillAsync(IByteChannel raw, Memory<byte> target, CancellationToken cancellationToken)
    {
        while (!target.IsEmpty)
        {
            int received = await raw.ReceiveAsync(target, cancellationToken).ConfigureAwait(false);
            if (received == 0)
                return false;

            target = target[received..];
        }

        return true;
    }
}
