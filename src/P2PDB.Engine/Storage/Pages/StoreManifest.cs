// The manifest says what the last checkpoint is. Little-endian:
//
//   0  u32  CRC32C over the bytes from 4 on
//   4  u32  version, 1
//   8  u64  commit number
//  16  u64  first page number that was never used
//  24  u32  bytes of the page file's token, then the token
//      u32  bytes that the store's owner gave, then those
//      u32  trees; each u64 number, u64 page, u64 records, u8 1 = the page is a leaf, 2 = there are long values
//      u32  page numbers that are not in use; each u64
using System.Buffers.Binary;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Storage.Pages;

/// <summary>The last checkpoint of a page store.</summary>
internal sealed record StoreManifest
{
    private const uint Version = 1;
    private const int HeaderLength = 24;
    private const int TreeLength = 25;

    /// <summary>The commit number of the state.</summary>
    public required long CommitNumber { get; init; }

    /// <summary>First page number that was never used.</summary>
    public required long Next { get; init; }

    /// <summary>The page file's checkpoint.</summary>
    public required byte[] Token { get; init; }

    /// <summary>What the store's owner keeps with the state.</summary>
    public required byte[] Owner { get; init; }

    /// <summary>The trees that are not empty.</summary>
    public required IReadOnlyList<StoredTree> Trees { get; init; }

    /// <summary>Page numbers that are not in use.</summary>
    public required IReadOnlyList<long> Unused { get; init; }

    /// <summary>Reads a manifest; <see cref="CorruptionException"/> where the bytes are none.</summary>
    public static StoreManifest Read(ReadOnlySpan<byte> bytes, string path)
    {
        if (bytes.Length < HeaderLength + (4 * sizeof(uint))
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Crc32C.Compute(bytes[sizeof(uint)..]))
        {
            throw new CorruptionException(path, 0, "its checksum does not match");
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) is var version and not Version)
            throw new CorruptionException(path, 4, $"its version {version} is not known");

        ReadOnlySpan<byte> rest = bytes[HeaderLength..];
        byte[] token = Take(ref rest, 1, path).ToArray();
        byte[] owner = Take(ref rest, 1, path).ToArray();
        ReadOnlySpan<byte> trees = Take(ref rest, TreeLength, path);
        ReadOnlySpan<byte> unused = Take(ref rest, sizeof(long), path);
        if (rest.Length > 0)
            throw new CorruptionException(path, bytes.Length - rest.Length, "more follows than belongs to it");

        var stored = new List<StoredTree>(trees.Length / TreeLength);
        for (; trees.Length > 0; trees = trees[TreeLength..])
        {
            byte flags = trees[24];
            if (flags > 3)
                throw new CorruptionException(path, bytes.Length - trees.Length, "a tree has flags that are not known");
            stored.Add(new StoredTree(
                new TreeId(BinaryPrimitives.ReadUInt64LittleEndian(trees)), BinaryPrimitives.ReadInt64LittleEndian(trees[8..]),
                (flags & 1) != 0, (flags & 2) != 0, BinaryPrimitives.ReadInt64LittleEndian(trees[16..])));
        }

        var numbers = new List<long>(unused.Length / sizeof(long));
        for (; unused.Length > 0; unused = unused[sizeof(long)..])
            numbers.Add(BinaryPrimitives.ReadInt64LittleEndian(unused));
        return new StoreManifest
        {
            CommitNumber = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            Next = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            Token = token,
            Owner = owner,
            Trees = stored,
            Unused = numbers,
        };
    }

    /// <summary>The manifest as bytes.</summary>
    public byte[] ToBytes()
    {
        byte[] bytes = new byte[HeaderLength + (4 * sizeof(uint)) + Token.Length + Owner.Length
            + (Trees.Count * TreeLength) + (Unused.Count * sizeof(long))];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(4), Version);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), CommitNumber);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(16), Next);
        Span<byte> rest = bytes.AsSpan(HeaderLength);
        Token.CopyTo(Give(ref rest, Token.Length, 1));
        Owner.CopyTo(Give(ref rest, Owner.Length, 1));
        Span<byte> trees = Give(ref rest, Trees.Count, TreeLength);
        foreach (StoredTree tree in Trees)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(trees, tree.Id.Value);
            BinaryPrimitives.WriteInt64LittleEndian(trees[8..], tree.Page);
            BinaryPrimitives.WriteInt64LittleEndian(trees[16..], tree.Count);
            trees[24] = (byte)((tree.IsLeaf ? 1 : 0) | (tree.HasLongValues ? 2 : 0));
            trees = trees[TreeLength..];
        }

        Span<byte> unused = Give(ref rest, Unused.Count, sizeof(long));
        for (int i = 0; i < Unused.Count; i++)
            BinaryPrimitives.WriteInt64LittleEndian(unused[(i * sizeof(long))..], Unused[i]);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Crc32C.Compute(bytes.AsSpan(sizeof(uint))));
        return bytes;
    }

    /// <summary>The part behind a u32 count of items.</summary>
    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> rest, int itemLength, string path)
    {
        if (rest.Length < sizeof(uint)
            || BinaryPrimitives.ReadUInt32LittleEndian(rest) > (rest.Length - sizeof(uint)) / itemLength)
        {
            throw new CorruptionException(path, 0, "it ends too early");
        }

        int length = (int)BinaryPrimitives.ReadUInt32LittleEndian(rest) * itemLength;
        ReadOnlySpan<byte> part = rest.Slice(sizeof(uint), length);
        rest = rest[(sizeof(uint) + length)..];
        return part;
    }

    private static Span<byte> Give(ref Span<byte> rest, int count, int itemLength)
    {
        BinaryPrimitives.WriteInt32LittleEndian(rest, count);
        Span<byte> part = rest.Slice(sizeof(uint), count * itemLength);
        rest = rest[(sizeof(uint) + part.Length)..];
        return part;
    }
}
