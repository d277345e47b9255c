namespace P2PDB.Engine.Log;

// ENTRY v1, little-endian. Golden bytes: Log/golden/ of the tests. Spec: docs/formats/entry.md
//    0  u32  magic "P2E1"                      4  u16  version (1)            6  u16  flags (EntryFlags)
//    8  u32  total length, without padding    12  u32  raw body length
//   16  u64  seq, 0-based within the chain    24  u64  hlc
//   32  u32  op count                         36  u16  parent count, 0..64   38  u16  table count
//   40  32   database id (zero in genesis)    72  32   author key
//  104  32   id of the author's previous entry (zero at seq 0)
//  136  32   body root: BLAKE3 of the stored body
//  168  32   root of the Merkle mountain range over the ids of the author's earlier entries
//  200  32 × parent count, ascending          then 64  signature of the id
//  then the stored body, then zeros up to a multiple of 8.
// Entry id = BLAKE3(header with parents, without signature). The signature is over SignatureDomain ‖ id.

/// <summary>Offsets, lengths and limits of entries.</summary>
internal static class EntryFormat
{
    /// <summary>"P2E1".</summary>
    public const uint Magic = 0x3145_3250;

    /// <summary>The one version this node writes and applies.</summary>
    public const ushort Version = 1;

    /// <summary>Bytes before the parents.</summary>
    public const int FixedHeaderLength = 200;

    /// <summary>Bytes of an id, a key or a root.</summary>
    public const int HashLength = 32;

    /// <summary>Bytes of the signature.</summary>
    public const int SignatureLength = 64;

    /// <summary>Entries lie on multiples of this, and are padded to it.</summary>
    public const int Alignment = 8;

    /// <summary>Parents of one entry. More new heads than this need merge entries first.</summary>
    public const int ParentCountMax = 64;

    /// <summary>Longest entry, padding included: what a peer must be ready to receive in one piece.</summary>
    public const int EntryLengthMax = 4 * 1024 * 1024;

    /// <summary>Longest raw body: any such body fits an entry uncompressed, whatever its parents.</summary>
    public const int RawBodyLengthMax = EntryLengthMax - FixedHeaderLength
        - (ParentCountMax * HashLength) - SignatureLength - Alignment;

    /// <summary>Tables that one entry may name.</summary>
    public const int TableCountMax = 4096;

    /// <summary>Columns of one table of the directory.</summary>
    public const int ColumnCountMax = 4096;

    /// <summary>The table index of operations that name no table.</summary>
    public const ushort NoTable = ushort.MaxValue;

    /// <summary>Bytes before an operation's payload.</summary>
    public const int OpHeaderLength = 8;

    /// <summary>Bytes before a transaction's operations.</summary>
    public const int TransactionHeaderLength = 8;

    /// <summary>Bytes of a directory table before its columns.</summary>
    public const int TableHeaderLength = 24;

    /// <summary>Bytes of a directory column.</summary>
    public const int ColumnLength = 16;

    public const int VersionOffset = 4;
    public const int FlagsOffset = 6;
    public const int TotalLengthOffset = 8;
    public const int RawBodyLengthOffset = 12;
    public const int SeqOffset = 16;
    public const int HlcOffset = 24;
    public const int OpCountOffset = 32;
    public const int ParentCountOffset = 36;
    public const int TableCountOffset = 38;
    public const int DatabaseOffset = 40;
    public const int AuthorOffset = 72;
    public const int PreviousOffset = 104;
    public const int BodyRootOffset = 136;
    public const int HistoryRootOffset = 168;

    /// <summary>What is signed before the 32 bytes of the id, so that no other signature of the key can serve as one.</summary>
    public static ReadOnlySpan<byte> SignatureDomain => "p2pdb entry v1\0\0"u8;

    /// <summary>Bytes of the message that a signature is over.</summary>
    public const int SignedLength = 16 + HashLength;

    /// <summary>Writes the message that the signature of <paramref name="id"/> is over.</summary>
    public static void WriteSigned(in EntryId id, Span<byte> message)
    {
        SignatureDomain.CopyTo(message);
        id.CopyTo(message[SignatureDomain.Length..]);
    }

    /// <summary>The length with padding.</summary>
    public static int Padded(int length) => (length + Alignment - 1) & ~(Alignment - 1);
}
