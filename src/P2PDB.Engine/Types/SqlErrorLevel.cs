namespace P2PDB.Engine.Types;

/// <summary>The Level column of SHOW WARNINGS.</summary>
public enum SqlErrorLevel : byte
{
    /// <summary>Something worth knowing.</summary>
    Note,

    /// <summary>A value was changed or cut.</summary>
    Warning,

    /// <summary>The statement ended.</summary>
    Error,
}
