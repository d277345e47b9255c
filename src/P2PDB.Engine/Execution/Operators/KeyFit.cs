namespace P2PDB.Engine.Execution.Operators;

/// <summary>How a value fits among the keys of a column of another type.</summary>
internal enum KeyFit : byte
{
    /// <summary>The encoded key is the value.</summary>
    Exact,

    /// <summary>The value lies between the encoded key and the next one: nothing equals it.</summary>
    JustAbove,

    /// <summary>The value is below all keys of the column.</summary>
    BelowAll,

    /// <summary>The value is above all keys of the column.</summary>
    AboveAll,

    /// <summary>The value is NULL.</summary>
    Null,

    /// <summary>The comparison does not follow the order of the keys: the index cannot narrow it.</summary>
    Unknown,
}
