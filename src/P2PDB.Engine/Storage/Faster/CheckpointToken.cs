using System.Buffers.Binary;
using System.Numerics;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Storage.Faster;

// CHECKPOINT TOKEN v2, little-endian; lengths in bytes. Golden bytes: tests/P2PDB.Engine.Tests/Storage/Faster/CheckpointTokenTests.cs
// Spec: docs/formats/page-file.md
//    0  u8   version (2)                        1  u8   length of a log page: its exponent of two
//    2  u16  length of FASTER's log metadata    4  u16  length of FASTER's index metadata, 0 without an index
//    6  u16  zero
//    8  u64  begin of the log                  16  u64  end of the log
//   24  u8[16]  FASTER's token of the log      40  u8[16]  of the index, zeros without one
//   56  u64  address of the index              64  u64  length of its file
//   72  u32  CRC-32C of its file
//   76       log metadata, index metadata
//    …  u32  CRC-32C of all before
// Version 1 had log pages of 4 MiB, and zero for the exponent.

/// <summary>All that opening at one checkpoint needs to know, beside the log and index files it names.</summary>
internal sealed record CheckpointToken(
    int LogPageLength, long Begin, long End, Guid Log, byte[] LogMetadata, IndexSnapshot? Index)
{
    private const byte Version = 2;
    private const byte VersionOfLargePages = 1;
    private const int LargePageLength = 4 << 20;
    private const int PageBitsMin = 15;
    private const int PageBitsMax = 30;
    private const int HeaderLength = 76;
    private const int ChecksumLength = 4;

    /// <summary>The bytes to keep.</summary>
    public byte[] Encode() => Encode(Version);

    /// <summary>Reads a token; bytes that are none are a <see cref="CorruptionException"/> of <paramref name="directory"/>.</summary>
    public static CheckpointToken Decode(ReadOnlySpan<byte> source, string directory)
    {
        if (source.Length < HeaderLength + ChecksumLength || source[0] is not (Version or VersionOfLargePages))
            throw new CorruptionException(directory, 0, "the checkpoint token is of another version");
        int logLength = BinaryPrimitives.ReadUInt16LittleEndian(source[2..]);
        int indexLength = BinaryPrimitives.ReadUInt16LittleEndian(source[4..]);
        if (source.Length != HeaderLength + logLength + indexLength + ChecksumLength
            || BinaryPrimitives.ReadUInt32LittleEndian(source[^ChecksumLength..]) != Crc32C.Compute(source[..^ChecksumLength]))
        {
            throw new CorruptionException(directory, 0, "the checkpoint token does not have its checksum");
        }

        IndexSnapshot? index = indexLength == 0
            ? null
            : new IndexSnapshot(new Guid(source.Slice(40, 16), bigEndian: true),
                BinaryPrimitives.ReadInt64LittleEndian(source[56..]), BinaryPrimitives.ReadInt64LittleEndian(source[64..]),
                BinaryPrimitives.ReadUInt32LittleEndian(source[72..]),
                source.Slice(HeaderLength + logLength, indexLength).ToArray());
        int pageLength = LargePageLength;
        if (source[0] != VersionOfLargePages)
        {
            if (source[1] is < PageBitsMin or > PageBitsMax)
                throw new CorruptionException(directory, 1, "the checkpoint token names a length that no log page has");
            pageLength = 1 << source[1];
        }

        var token = new CheckpointToken(pageLength, BinaryPrimitives.ReadInt64LittleEndian(source[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[16..]), new Guid(source.Slice(24, 16), bigEndian: true),
            source.Slice(HeaderLength, logLength).ToArray(), index);
        if (!source.SequenceEqual(token.Encode(source[0])))
            throw new CorruptionException(directory, 0, "the checkpoint token has bytes set that mean nothing");
        return token;
    }

    private byte[] Encode(byte version)
    {
        byte[] indexMetadata = Index?.Metadata ?? [];
        byte[] bytes = new byte[HeaderLength + LogMetadata.Length + indexMetadata.Length + ChecksumLength];
        Span<byte> target = bytes;
        target[0] = version;
        target[1] = version == VersionOfLargePages ? (byte)0 : (byte)BitOperations.Log2((uint)LogPageLength);
        BinaryPrimitives.WriteUInt16LittleEndian(target[2..], checked((ushort)LogMetadata.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(target[4..], checked((ushort)indexMetadata.Length));
        BinaryPrimitives.WriteInt64LittleEndian(target[8..], Begin);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], End);
        Log.TryWriteBytes(target[24..], bigEndian: true, out _);
        if (Index is not null)
        {
            Index.Token.TryWriteBytes(target[40..], bigEndian: true, out _);
            BinaryPrimitives.WriteInt64LittleEndian(target[56..], Index.Address);
            BinaryPrimitives.WriteInt64LittleEndian(target[64..], Index.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(target[72..], Index.Checksum);
        }

        LogMetadata.CopyTo(target[HeaderLength..]);
        indexMetadata.CopyTo(target[(HeaderLength + LogMetadata.Length)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(target[^ChecksumLength..], Crc32C.Compute(target[..^ChecksumLength]));
        return bytes;
    }
}
