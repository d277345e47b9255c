namespace P2PDB.Engine.Storage;

/// <summary>Number of one ordered tree of a store: small, local to the node, given out by the catalog, never used twice.</summary>
/// <param name="Value">The number; 0 is no tree.</param>
internal readonly record struct TreeId(ulong Value)
{
    /// <summary>The node's catalog: the one tree whose number is fixed.</summary>
    public static TreeId Catalog => new(1);

    /// <summary>True when this names no tree.</summary>
    public bool IsNone => Value == 0;

    /// <inheritdoc/>
    public override string ToString() => $"tree {Value}";
}
