// A value too long for a leaf lies in pages of its own, each behind the common header:
//
//  16  u64  page number of the next piece; 0 for the last
//  24  u32  bytes of the value in this page, which follow
//
// The leaf has u32 length of the whole value and u64 number of the first page in its place.
using System.Buffers.Binary;
using P2PDB.Engine.Storage.Devices;

namespace P2PDB.Engine.Storage.Pages;

/// <summary>Values that are too long for a leaf. They are written once and never changed.</summary>
internal static class LongValue
{
    private const int PieceStart = 28;
    private const int PieceLengthMax = PageFormat.ImageLength - PieceStart;

    /// <summary>Stores a value and writes what leads to it, <see cref="LeafPage.LongReferenceLength"/> bytes.</summary>
    public static void Write(PageSpace space, ReadOnlySpan<byte> value, Span<byte> reference)
    {
        BinaryPrimitives.WriteInt32LittleEndian(reference, value.Length);
        long page = space.Create();
        BinaryPrimitives.WriteInt64LittleEndian(reference[sizeof(int)..], page);
        while (page > 0)
        {
            space.Pending.Spill();
            ReadOnlySpan<byte> piece = value[..Math.Min(value.Length, PieceLengthMax)];
            value = value[piece.Length..];
            long next = value.Length > 0 ? space.Create() : 0;
            Span<byte> image = space.Cache.Image(space.Pending.Create(page));
            PageFormat.Begin(image, PageKind.LongValue, page);
            BinaryPrimitives.WriteInt64LittleEndian(image[16..], next);
            BinaryPrimitives.WriteInt32LittleEndian(image[24..], piece.Length);
            piece.CopyTo(image[PieceStart..]);
            page = next;
        }
    }

    /// <summary>Copies the value that a reference leads to.</summary>
    public static void Read(PageCache cache, ReadOnlySpan<byte> reference, long commit, RecordBuffer target)
    {
        Span<byte> rest = target.Prepare(BinaryPrimitives.ReadInt32LittleEndian(reference));
        long page = BinaryPrimitives.ReadInt64LittleEndian(reference[sizeof(int)..]);
        while (page > 0)
        {
            int frame = cache.Pin(page, commit);
            try
            {
                ReadOnlySpan<byte> piece = Piece(cache.Image(frame), page, out page);
                piece[..Math.Min(piece.Length, rest.Length)].CopyTo(rest);
                rest = rest[Math.Min(piece.Length, rest.Length)..];
            }
            finally
            {
                cache.Unpin(frame);
            }
        }

        Invariant.Check(rest.IsEmpty, "a long value's pages hold all of it");
    }

    /// <summary>Frees the pages that a reference leads to.</summary>
    public static void Free(PageSpace space, ReadOnlySpan<byte> reference)
    {
        long page = BinaryPrimitives.ReadInt64LittleEndian(reference[sizeof(int)..]);
        while (page > 0)
        {
            space.Free(page);
            int frame = space.Cache.Pin(page, Frame.Pending);
            Piece(space.Cache.Image(frame), page, out page);
            space.Cache.Unpin(frame);
        }
    }

    private static ReadOnlySpan<byte> Piece(ReadOnlySpan<byte> image, long page, out long next)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(image[24..]);
        if (PageFormat.Kind(image) != PageKind.LongValue || (uint)length > PieceLengthMax)
            throw new CorruptionException($"page {page}", 0, "it holds no part of a long value");
        next = BinaryPrimitives.ReadInt64LittleEndian(image[16..]);
        return image.Slice(PieceStart, length);
    }
}
