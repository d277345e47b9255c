namespace P2PDB.Engine.Types;

/// <summary>How much of other transactions one sees; each level promises what the one before it does, and more.</summary>
internal enum IsolationLevel : byte
{
    /// <summary>As <see cref="ReadCommitted"/>: nothing uncommitted is ever read.</summary>
    ReadUncommitted,

    /// <summary>Each statement reads a snapshot of its own.</summary>
    ReadCommitted,

    /// <summary>All plain reads see one snapshot.</summary>
    RepeatableRead,

    /// <summary>As if transactions ran one after another.</summary>
    Serializable,
}
