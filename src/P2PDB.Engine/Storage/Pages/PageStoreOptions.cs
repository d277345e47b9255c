namespace P2PDB.Engine.Storage.Pages;

/// <summary>Sizes of a page store.</summary>
internal sealed record PageStoreOptions
{
    /// <summary>Least memory that the page file gets.</summary>
    public const long FileMemoryMin = 8 << 20;

    /// <summary>Most memory that the page file gets: it keeps what was just written, the cache what is read.</summary>
    public const long FileMemoryMax = 64 << 20;

    /// <summary>
    /// The part of memory that the page file's hash index gets, rounded down to a power of two: data of a hundred times the memory
    /// fill its buckets (7 pages in 64 bytes), and more data chain them, at a cache miss each, which a read from the disk hides.
    /// By memory, not by the pages there are: FASTER can only double an index, while nobody works in it.
    /// </summary>
    public const int IndexShare = 16;

    /// <summary>Least memory that the page file's hash index gets.</summary>
    public const long IndexMemoryMin = 1 << 20;

    /// <summary>Bytes of memory for pages in all; taken as they are needed.</summary>
    public long Memory { get; init; } = 128 << 20;
}
