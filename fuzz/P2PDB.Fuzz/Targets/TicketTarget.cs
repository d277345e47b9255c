using System.Text;
using P2PDB.Engine.Log;
using P2PDB.Engine.Sync;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Fuzz.Targets;

/// <summary>Input: u8 kind, then the bytes of an invitation ticket or its base58 text. What is accepted encodes to the same bytes, and the same text.</summary>
internal sealed class TicketTarget : IFuzzTarget
{
    private const int ChecksumLength = 4;

    public string Name => "ticket";

    public IReadOnlyList<string> Decoder => ["P2PDB.Engine/Sync/InvitationTicket.cs"];

    public int InputLengthMax => 2048;

    public IEnumerable<byte[]> Seeds
    {
        get
        {
            yield return [0, .. Make("d").Encode()];
            yield return [0, .. Make("").Encode()];
            yield return [0, .. Make("shop", "/ip4/127.0.0.1/tcp/4001", "/ip4/10.0.0.1/tcp/4001", "").Encode()];
            yield return [1, .. Encoding.ASCII.GetBytes(SimpleBase.Base58.Bitcoin.Encode(Make("d").Encode()))];
            yield return [1, .. "1111111111111111"u8];
        }
    }

    public int Repair(Span<byte> buffer, int length)
    {
        if (length > ChecksumLength && (buffer[0] & 1) == 0)
        {
            int contentLength = length - ChecksumLength;
            Blake3.Hash(buffer[1..contentLength]).AsSpan()[..ChecksumLength].CopyTo(buffer[contentLength..]);
        }

        return length;
    }

    public bool Run(ReadOnlySpan<byte> input, FuzzProbe probe)
    {
        if (input.IsEmpty)
            return false;
        bool isText = (input[0] & 1) != 0;
        string text = isText ? Encoding.UTF8.GetString(input[1..]) : "";
        probe.BeginDecoding();
        bool accepted = isText
            ? InvitationTicket.TryParse(text, out InvitationTicket? ticket)
            : InvitationTicket.TryDecode(input[1..], out ticket);
        probe.EndDecoding();
        if (!accepted)
            return false;

        probe.Reached(ticket!.Addresses.Count);
        probe.Reached(100 + Encoding.UTF8.GetByteCount(ticket.Name));
        byte[] again = ticket.Encode();
        if (isText)
            FuzzLaw.Require(text == SimpleBase.Base58.Bitcoin.Encode(again), "one text for one ticket");
        else
            FuzzLaw.RequireSame(input[1..], again, "written as read");
        return true;
    }

    private static InvitationTicket Make(string name, params string[] addresses) =>
        new(new DatabaseId(Blake3.Hash("d"u8)), new EntryId(Blake3.Hash("e"u8)), new byte[32], name, addresses);
}
