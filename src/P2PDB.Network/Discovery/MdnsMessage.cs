// LIBP2P MDNS (libp2p specs, discovery/mdns.md). Golden bytes: tests/P2PDB.Network.Tests/Discovery.
//   query     one question: PTR _p2p._udp.local, class IN
//   response  answer: PTR _p2p._udp.local → <name>._p2p._udp.local; additionals: for each address a TXT record of that name with the
//             one text "dnsaddr=" + multiaddr with /p2p. The name is 32 to 63 random letters and digits and means nothing.
// Of others' responses each TXT record below the service's name is read, with one text or several, wherever in the message it stands:
// implementations differ in that.
using System.Text;
using P2PDB.Network.Multiaddr;

namespace P2PDB.Network.Discovery;

/// <summary>Writes and reads the messages by which libp2p peers find each other on a network.</summary>
internal static class MdnsMessage
{
    /// <summary>Length of the names that are written, bytes.</summary>
    public const int PeerNameLength = 40;

    private const ushort ResponseFlags = 0x8400;   // an authoritative answer
    private const uint TimeToLiveSeconds = 120;
    private const int HeaderLength = 12;
    private const int TextLengthMax = 255;

    private static ReadOnlySpan<byte> ServiceName => "\x04_p2p\x04_udp\x05local\0"u8;

    private static ReadOnlySpan<byte> AddressKey => "dnsaddr="u8;

    /// <summary>Writes a question for peers; its length.</summary>
    public static int WriteQuery(Span<byte> target)
    {
        var writer = new DnsWriter(target);
        WriteHeader(ref writer, 0, questionCount: 1);
        writer.Write(ServiceName);
        writer.Write(DnsRecord.PointerType);
        writer.Write(DnsRecord.InternetClass);
        return writer.Length;
    }

    /// <summary>Writes an answer with as many of the addresses as fit; its length.</summary>
    /// <param name="target">Where it goes.</param>
    /// <param name="peerName">The random name, <see cref="PeerNameLength"/> bytes.</param>
    /// <param name="addresses">Addresses with their peer.</param>
    public static int WriteResponse(Span<byte> target, ReadOnlySpan<byte> peerName, IReadOnlyList<Multiaddress> addresses)
    {
        var writer = new DnsWriter(target);
        WriteHeader(ref writer, ResponseFlags, questionCount: 0);
        writer.Write(ServiceName);
        WriteRecordStart(ref writer, DnsRecord.PointerType, dataLength: 1 + peerName.Length + 2);
        ushort namePointer = (ushort)(0xC000 | writer.Length);
        writer.Write((byte)peerName.Length);
        writer.Write(peerName);
        writer.Write((ushort)(0xC000 | HeaderLength));   // … and the service's name, which comes first
        writer.Put(6, 1);

        ushort count = 0;
        foreach (Multiaddress address in addresses)
        {
            string text = address.ToString();
            int textLength = AddressKey.Length + text.Length;
            if (textLength > TextLengthMax)
                continue;

            int length = writer.Length;
            writer.Write(namePointer);
            WriteRecordStart(ref writer, DnsRecord.TextType, dataLength: 1 + textLength);
            writer.Write((byte)textLength);
            writer.Write(AddressKey);
            writer.Write(Encoding.ASCII.GetBytes(text));
            if (writer.IsFull)
            {
                writer.CutTo(length);
                break;
            }

            count++;
        }

        writer.Put(10, count);
        return writer.Length;
    }

    /// <summary>Reads a message.</summary>
    /// <param name="message">The packet.</param>
    /// <param name="addresses">Gets the addresses of a response, each with its peer; those of several peers may be mixed.</param>
    public static MdnsKind Read(ReadOnlySpan<byte> message, List<Multiaddress> addresses)
    {
        var reader = new DnsReader(message);
        if (reader.IsMalformed || !reader.IsOperationKnown || reader.QuestionCount + reader.RecordCount > Limits.MdnsRecordCountMax)
            return MdnsKind.Other;

        Span<byte> name = stackalloc byte[DnsReader.NameLengthMax];
        bool isAsked = false;
        for (int i = 0; i < reader.QuestionCount; i++)
        {
            if (!reader.TryReadQuestion(name, out int nameLength, out ushort type, out ushort kind))
                return MdnsKind.Other;

            isAsked |= type == DnsRecord.PointerType && (kind & DnsRecord.ClassMask) == DnsRecord.InternetClass
                && name[..nameLength].SequenceEqual(ServiceName);
        }

        if (!reader.IsResponse)
            return isAsked ? MdnsKind.Query : MdnsKind.Other;

        for (int i = 0; i < reader.RecordCount; i++)
        {
            if (!reader.TryReadRecord(name, out int nameLength, out DnsRecord record))
            {
                addresses.Clear();
                return MdnsKind.Other;
            }

            bool isOfPeer = record.Type == DnsRecord.TextType && (record.Class & DnsRecord.ClassMask) == DnsRecord.InternetClass
                && record.TimeToLiveSeconds > 0 && IsBelowService(name[..nameLength]);
            if (isOfPeer)
                TakeTexts(record.Data, addresses);
        }

        return addresses.Count > 0 ? MdnsKind.Response : MdnsKind.Other;
    }

    // One label more than the service's name has.
    private static bool IsBelowService(ReadOnlySpan<byte> name) => name[(1 + name[0])..].SequenceEqual(ServiceName);

    private static void TakeTexts(ReadOnlySpan<byte> data, List<Multiaddress> addresses)
    {
        Span<char> text = stackalloc char[TextLengthMax];
        while (!data.IsEmpty && addresses.Count < Limits.MdnsAddressCountMax)
        {
            int length = data[0];
            if (length >= data.Length)
                return;

            ReadOnlySpan<byte> entry = data.Slice(1, length);
            data = data[(1 + length)..];
            if (entry.StartsWith(AddressKey) && Ascii.ToUtf16(entry[AddressKey.Length..], text, out int textLength) == System.Buffers.OperationStatus.Done
                && Multiaddress.TryParse(text[..textLength], out Multiaddress? address) && address!.Peer is not null)
            {
                addresses.Add(address);
            }
        }
    }

    private static void WriteHeader(ref DnsWriter writer, ushort flags, ushort questionCount)
    {
        writer.Write((ushort)0);   // mDNS tells messages apart by their content
        writer.Write(flags);
        writer.Write(questionCount);
        writer.Write((ushort)0);
        writer.Write((ushort)0);
        writer.Write((ushort)0);
    }

    private static void WriteRecordStart(ref DnsWriter writer, ushort type, int dataLength)
    {
        writer.Write(type);
        writer.Write(DnsRecord.InternetClass);
        writer.Write(TimeToLiveSeconds);
        writer.Write((ushort)dataLength);
    }
}
