namespace P2PDB.Engine.Storage.Pages;

/// <summary>Sizes of a page store.</summary>
internal sealed record PageStoreOptions
{
    /// <summary>Least memory that the page file gets.</summary>
    public const long FileMemoryMin = 8 << 20;

    /// <summary>Most memory that the page file gets: it keeps what was just written, the cache what is read.</summary>
    public const long FileMemoryMax = 64 << 20;

    /// <summary>Bytes of memory for pages in all; taken as they are needed.</summary>
    public long Memory { get; init; } = 128 << 20;
}
