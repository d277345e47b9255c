using System.Runtime.InteropServices;
using P2PDB.Engine.Storage.Faster;

namespace P2PDB.Engine.Tests.Storage.Faster;

/// <summary>Images that tell which page and which version of it they are, in every word.</summary>
internal static class PageImages
{
    /// <summary>Makes the image of a version of a page.</summary>
    public static void Fill(Span<byte> image, long page, int version)
    {
        Span<long> words = MemoryMarshal.Cast<byte, long>(image);
        for (int i = 0; i < words.Length; i++)
            words[i] = (page << 32) | (uint)(version + i);
    }

    /// <summary>The version an image is of; fails when it is no whole image of that page.</summary>
    public static int VersionOf(ReadOnlySpan<byte> image, long page)
    {
        ReadOnlySpan<long> words = MemoryMarshal.Cast<byte, long>(image);
        int version = (int)words[0];
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i] != ((page << 32) | (uint)(version + i)))
                Assert.Fail($"page {page} is torn or another's at word {i}: {words[i]:x}");
        }

        return version;
    }

    /// <summary>The versions of the pages below <paramref name="pageCount"/> that a file has.</summary>
    public static Dictionary<long, int> ReadAll(FasterPageFile file, int pageCount)
    {
        byte[] image = new byte[FasterPageFile.ImageLength];
        Dictionary<long, int> found = [];
        for (long page = 0; page < pageCount; page++)
        {
            if (file.TryRead(page, image))
                found[page] = VersionOf(image, page);
        }

        return found;
    }
}
