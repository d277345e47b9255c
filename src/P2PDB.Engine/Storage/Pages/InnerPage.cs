// An inner node as a page, behind the common header:
//
//  16  u8   level
//  17       0 × 7
//  24  u64  page number of each child
//      u16  where each child's separator ends among the separators (the first child has none: 0)
//           the separators one after another
using System.Buffers.Binary;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Storage.Pages;

/// <summary>Inner nodes as page images.</summary>
internal static class InnerPage
{
    private const int ChildrenStart = 24;

    /// <summary>Most bytes of separators that fit beside the most children.</summary>
    public const int SeparatorsLengthMax =
        PageFormat.ImageLength - ChildrenStart - (InnerNode.ChildrenMax * (sizeof(long) + sizeof(ushort)));

    /// <summary>Bytes that a node takes.</summary>
    public static int LengthOf(int children, int separatorsLength) =>
        ChildrenStart + (children * (sizeof(long) + sizeof(ushort))) + separatorsLength;

    /// <summary>Writes a node whose children are all stored.</summary>
    public static void Write(InnerNode node, long page, Span<byte> image)
    {
        PageFormat.Begin(image, PageKind.Inner, page);
        PageFormat.SetCount(image, node.Count);
        image[16..ChildrenStart].Clear();
        image[16] = (byte)node.Level;
        Span<byte> pages = image[ChildrenStart..];
        Span<byte> ends = pages[(node.Count * sizeof(long))..];
        Span<byte> keys = ends[(node.Count * sizeof(ushort))..];
        int end = 0;
        for (int i = 0; i < node.Count; i++)
        {
            long child = node.Level == 1 ? node.LeafAt(i) : node.StoredChildAt(i);
            Invariant.Check(child > 0, "a node is stored after its children");
            BinaryPrimitives.WriteInt64LittleEndian(pages[(i * sizeof(long))..], child);
            if (i > 0)
            {
                node.Separator(i).CopyTo(keys[end..]);
                end += node.Separator(i).Length;
            }

            BinaryPrimitives.WriteUInt16LittleEndian(ends[(i * sizeof(ushort))..], (ushort)end);
        }

        keys[end..].Clear();
    }

    /// <summary>Reads a node from an image whose checksum was checked; <see cref="CorruptionException"/> where it is none.</summary>
    public static InnerNode Read(ReadOnlySpan<byte> image, long page)
    {
        int count = PageFormat.Count(image);
        int level = image[16];
        if (PageFormat.Kind(image) != PageKind.Inner || count == 0 || level == 0 || LengthOf(count, 0) > image.Length)
            throw new CorruptionException($"page {page}", 0, "it is no inner page");

        long[] pages = new long[count];
        ushort[] ends = new ushort[count];
        ReadOnlySpan<byte> endBytes = image[(ChildrenStart + (count * sizeof(long)))..];
        ReadOnlySpan<byte> keys = endBytes[(count * sizeof(ushort))..];
        for (int i = 0; i < count; i++)
        {
            pages[i] = BinaryPrimitives.ReadInt64LittleEndian(image[(ChildrenStart + (i * sizeof(long)))..]);
            ends[i] = BinaryPrimitives.ReadUInt16LittleEndian(endBytes[(i * sizeof(ushort))..]);
            if (pages[i] <= 0 || ends[i] > keys.Length || (i == 0 ? ends[i] != 0 : ends[i] < ends[i - 1]))
                throw new CorruptionException($"page {page}", 0, "its children are not in order");
        }

        return InnerNode.Read(level, page, pages, keys[..ends[^1]].ToArray(), ends);
    }
}
