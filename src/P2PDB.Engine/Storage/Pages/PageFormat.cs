// A page image, little-endian:
//
//   0  u32  CRC32C over the bytes from 4 on; set when the image goes to the page file, checked when it comes back
//   4  u8   version, 1
//   5  u8   kind: PageKind
//   6  u16  count: records of a leaf, children of an inner page
//   8  u64  page number: an image that was read for another page is found out
//  16       what the kind says: LeafPage, InnerPage, LongValuePage
using System.Buffers.Binary;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Primitives.Hashing;

namespace P2PDB.Engine.Storage.Pages;

/// <summary>What all page images have in common.</summary>
internal static class PageFormat
{
    /// <summary>Bytes of an image: what the page file stores in one 16 KiB record.</summary>
    public const int ImageLength = 16384 - 24;

    /// <summary>Bytes that every kind of page begins with.</summary>
    public const int HeaderLength = 16;

    /// <summary>Longest key of a record: two of these and their values' references fit into a page.</summary>
    public const int KeyLengthMax = 8000;

    private const byte Version = 1;

    /// <summary>What the page holds.</summary>
    public static PageKind Kind(ReadOnlySpan<byte> image) => (PageKind)image[5];

    /// <summary>Records of a leaf, children of an inner page.</summary>
    public static int Count(ReadOnlySpan<byte> image) => BinaryPrimitives.ReadUInt16LittleEndian(image[6..]);

    /// <summary>Sets the count.</summary>
    public static void SetCount(Span<byte> image, int count) => BinaryPrimitives.WriteUInt16LittleEndian(image[6..], (ushort)count);

    /// <summary>Writes the common header but for the checksum.</summary>
    public static void Begin(Span<byte> image, PageKind kind, long page)
    {
        image[4] = Version;
        image[5] = (byte)kind;
        SetCount(image, 0);
        SetNumber(image, page);
    }

    /// <summary>Gives the image another page number.</summary>
    public static void SetNumber(Span<byte> image, long page) => BinaryPrimitives.WriteInt64LittleEndian(image[8..], page);

    /// <summary>Sets the checksum: the image can go to the page file then.</summary>
    public static void Seal(Span<byte> image) =>
        BinaryPrimitives.WriteUInt32LittleEndian(image, Crc32C.Compute(image[sizeof(uint)..]));

    /// <summary>Ends with <see cref="CorruptionException"/> unless the image is what was sealed for the page.</summary>
    public static void Check(ReadOnlySpan<byte> image, long page)
    {
        string? what = BinaryPrimitives.ReadUInt32LittleEndian(image) != Crc32C.Compute(image[sizeof(uint)..]) ? "its checksum does not match"
            : image[4] != Version ? $"its version {image[4]} is not known"
            : BinaryPrimitives.ReadInt64LittleEndian(image[8..]) != page ? "it is another page"
            : Kind(image) == PageKind.Leaf && !LeafPage.IsWhole(image) ? "its records are not in order"
            : null;
        if (what is not null)
            throw new CorruptionException($"page {page}", 0, what);
    }
}
