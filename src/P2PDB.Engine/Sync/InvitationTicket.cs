using System.Diagnostics.CodeAnalysis;
using System.Text;
using P2PDB.Engine.Log;
using P2PDB.Primitives.Buffers;
using P2PDB.Primitives.Content;
using P2PDB.Primitives.Hashing;
using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Sync;

// TICKET v1, as base58 text (Bitcoin's alphabet). Golden bytes: tests/P2PDB.Engine.Tests/Sync/InvitationTicketTests.cs
//    0  u8   version (1)
//    1  32   database id
//   33  32   id of the entry that holds the invite
//   65  32   seed of the invite's one-time key: the secret
//   97  varint length, UTF-8   the database's name on the inviter
//       varint count, then for each address: varint length, UTF-8 multiaddr with the inviter's peer id
//       4    first bytes of BLAKE3 over all before: a mistyped ticket is noticed

/// <summary>What a newcomer needs to join a database. Whoever holds it can join, once.</summary>
/// <param name="Database">The database.</param>
/// <param name="Invite">The entry that holds the invite.</param>
/// <param name="Seed">32 secret bytes: the seed of the one-time key.</param>
/// <param name="Name">What the inviter calls the database.</param>
/// <param name="Addresses">Where the inviter can be reached; may be empty.</param>
internal sealed record InvitationTicket(
    DatabaseId Database, EntryId Invite, byte[] Seed, string Name, IReadOnlyList<string> Addresses)
{
    private const byte Version = 1;
    private const int NameLengthMax = 256;
    private const int AddressCountMax = 16;
    private const int AddressLengthMax = 256;
    private const int ChecksumLength = 4;

    /// <summary>Longest text that is worth decoding.</summary>
    public const int TextLengthMax = 8192;

    /// <summary>The one-time key pair; the caller owns it.</summary>
    public SigningKey OpenKey() => SigningKey.FromSeed(Seed);

    /// <summary>The bytes that the text encodes.</summary>
    public byte[] Encode()
    {
        using var target = new ByteWriter();
        target.WriteByte(Version);
        target.Write(Database.Hash.AsSpan());
        target.Write(Invite.Hash.AsSpan());
        target.Write(Seed);
        WriteText(target, Name);
        int count = Math.Min(Addresses.Count, AddressCountMax);
        target.WriteVarint((ulong)count);
        for (int i = 0; i < count; i++)
            WriteText(target, Addresses[i]);
        target.Write(Blake3.Hash(target.Written).AsSpan()[..ChecksumLength]);
        return target.Written.ToArray();
    }

    /// <summary>Reads the base58 text of a ticket; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out InvitationTicket? ticket)
    {
        ticket = null;
        if (text.Length > TextLengthMax)
            return false;

        // A digit of base 58 holds less than a byte.
        byte[] bytes = new byte[text.Length];
        return Base58Text.TryDecode(text, bytes, out int length) && TryDecode(bytes.AsSpan(0, length), out ticket);
    }

    /// <summary>Decodes what <see cref="Encode"/> made; false for anything else.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out InvitationTicket? ticket)
    {
        ticket = null;
        if (bytes.Length < ChecksumLength)
            return false;

        ReadOnlySpan<byte> content = bytes[..^ChecksumLength];
        if (!Blake3.Hash(content).AsSpan()[..ChecksumLength].SequenceEqual(bytes[^ChecksumLength..]))
            return false;

        var reader = new ByteReader(content);
        if (!reader.TryReadByte(out byte version) || version != Version
            || !reader.TryReadBytes(Hash256.Length, out ReadOnlySpan<byte> database)
            || !reader.TryReadBytes(Hash256.Length, out ReadOnlySpan<byte> invite)
            || !reader.TryReadBytes(32, out ReadOnlySpan<byte> seed)
            || !TryReadText(ref reader, NameLengthMax, out string? name)
            || !reader.TryReadVarint(AddressCountMax, out int count))
        {
            return false;
        }

        string[] addresses = new string[count];
        for (int i = 0; i < count; i++)
        {
            if (!TryReadText(ref reader, AddressLengthMax, out string? address))
                return false;
            addresses[i] = address;
        }

        if (!reader.IsAtEnd)
            return false;
        ticket = new InvitationTicket(DatabaseId.Read(database), EntryId.Read(invite), seed.ToArray(), name, addresses);
        return true;
    }

    private static void WriteText(ByteWriter target, string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        target.WriteVarint((ulong)utf8.Length);
        target.Write(utf8);
    }

    private static bool TryReadText(ref ByteReader reader, int lengthMax, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!reader.TryReadVarint(lengthMax, out int length) || !reader.TryReadBytes(length, out ReadOnlySpan<byte> utf8)
            || !System.Text.Unicode.Utf8.IsValid(utf8))
        {
            return false;
        }

        text = Encoding.UTF8.GetString(utf8);
        return true;
    }
}
