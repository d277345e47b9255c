namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>The options of an index; null or false where not written.</summary>
internal sealed record IndexOptions
{
    /// <summary>USING or TYPE: BTREE, HASH or RTREE.</summary>
    public string? Algorithm { get; init; }

    /// <summary>KEY_BLOCK_SIZE.</summary>
    public ulong? KeyBlockSize { get; init; }

    /// <summary>WITH PARSER.</summary>
    public string? Parser { get; init; }

    /// <summary>COMMENT.</summary>
    public string? Comment { get; init; }

    /// <summary>INVISIBLE.</summary>
    public bool IsInvisible { get; init; }

    /// <summary>ENGINE_ATTRIBUTE.</summary>
    public string? EngineAttribute { get; init; }

    /// <summary>SECONDARY_ENGINE_ATTRIBUTE.</summary>
    public string? SecondaryEngineAttribute { get; init; }
}
