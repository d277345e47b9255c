// Both ends send the header. The initiator then names a protocol; the responder repeats the name to accept it or says "na", and the
// initiator may name another. The initiator sends header and first proposal at once, the responder header and answer: one round trip.
// Nothing after the accepted name is read, for it belongs to the chosen protocol: lengths are read byte by byte.
using System.Buffers;
using System.Text;
using System.Text.Unicode;
using P2PDB.Network.Transports;

namespace P2PDB.Network.Negotiation;

/// <summary>Agrees with the remote on the protocol of a channel (multistream-select 1.0).</summary>
internal static class MultistreamSelect
{
    /// <summary>Proposes the protocols in their order; the accepted one, or null when there is none or the channel ended.</summary>
    public static async ValueTask<string?> ProposeAsync(IByteChannel channel, IReadOnlyList<string> protocols, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(2 * MultistreamMessage.EncodedLengthMax);
        try
        {
            bool headerSeen = false;
            for (int i = 0; i < protocols.Count; i++)
            {
                int length = i == 0 ? MultistreamMessage.Encode(MultistreamMessage.Header, buffer) : 0;
                length += MultistreamMessage.Encode(protocols[i], buffer.AsSpan(length));
                if (!await channel.SendAsync(buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false))
                    return null;

                string? answer = await ReadAsync(channel, buffer, cancellationToken).ConfigureAwait(false);
                if (!headerSeen)
                {
                    if (answer != MultistreamMessage.Header)
                        return null;

                    headerSeen = true;
                    answer = await ReadAsync(channel, buffer, cancellationToken).ConfigureAwait(false);
                }

                if (answer == protocols[i])
                    return answer;
                if (answer != MultistreamMessage.NotAvailable)
                    return null;
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Answers the remote's proposals; the first that is served, or null when none was or the channel ended.</summary>
    public static async ValueTask<string?> AnswerAsync(IByteChannel channel, Func<string, bool> isServed, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(2 * MultistreamMessage.EncodedLengthMax);
        try
        {
            if (await ReadAsync(channel, buffer, cancellationToken).ConfigureAwait(false) != MultistreamMessage.Header)
                return null;

            int length = MultistreamMessage.Encode(MultistreamMessage.Header, buffer);
            if (!await channel.SendAsync(buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false))
                return null;

            for (int i = 0; i < Limits.ProtocolProposalCountMax; i++)
            {
                string? proposal = await ReadAsync(channel, buffer, cancellationToken).ConfigureAwait(false);
                if (proposal is null)
                    return null;

                bool served = isServed(proposal);
                length = MultistreamMessage.Encode(served ? proposal : MultistreamMessage.NotAvailable, buffer);
                if (!await channel.SendAsync(buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false))
                    return null;
                if (served)
                    return proposal;
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<string?> ReadAsync(IByteChannel channel, byte[] buffer, CancellationToken cancellationToken)
    {
        int filled = 0;
        int needed = 1;
        while (true)
        {
            while (filled < needed)
            {
                int received = await channel.ReceiveAsync(buffer.AsMemory(filled, needed - filled), cancellationToken).ConfigureAwait(false);
                if (received == 0)
                    return null;

                filled += received;
            }

            switch (MultistreamMessage.TryDecode(buffer.AsSpan(0, filled), out ReadOnlySpan<byte> text, out _))
            {
                case MultistreamStatus.Decoded:
                    return TextOf(text);
                case MultistreamStatus.Malformed:
                    return null;
            }

            // Incomplete: the prefix says how much is missing, once it is whole.
            int prefixLength = Protobuf.UnsignedVarint.TryRead(buffer.AsSpan(0, filled), out ulong length);
            needed = prefixLength == 0 ? filled + 1 : prefixLength + (int)length;
        }
    }

    /// <summary>
    /// A message as text; null where it is not UTF-8: no protocol has such a name, and replacing what is wrong would cost many times
    /// its length.
    /// </summary>
    private static string? TextOf(ReadOnlySpan<byte> text) =>
        Ascii.Equals(text, MultistreamMessage.NotAvailable) ? MultistreamMessage.NotAvailable
        : Ascii.Equals(text, MultistreamMessage.Header) ? MultistreamMessage.Header
        : Utf8.IsValid(text) ? Encoding.UTF8.GetString(text)
        : null;
}
