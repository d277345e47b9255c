namespace P2PDB.Engine.Execution.Variables;

/// <summary>What values a system variable takes, and how SELECT @@name types them.</summary>
internal enum VariableKind : byte
{
    /// <summary>ON or OFF; selected as 1 or 0.</summary>
    Boolean,

    /// <summary>A 64-bit integer.</summary>
    Integer,

    /// <summary>A number with a fraction.</summary>
    Double,

    /// <summary>Any text.</summary>
    Text,

    /// <summary>One word of several; not checked beyond that.</summary>
    Word,
}
