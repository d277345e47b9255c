namespace P2PDB.Engine.Catalog;

/// <summary>What a column takes when an INSERT does not name it. The numbers are part of the definition format.</summary>
internal enum DefaultKind : byte
{
    /// <summary>No DEFAULT clause: NULL where that is allowed, else error 1364 in strict mode.</summary>
    None = 0,

    /// <summary>DEFAULT NULL, said or implied.</summary>
    Null = 1,

    /// <summary>A literal.</summary>
    Literal = 2,

    /// <summary>CURRENT_TIMESTAMP with the column's fraction digits.</summary>
    CurrentTimestamp = 3,

    /// <summary>An expression in parentheses, kept as text.</summary>
    Expression = 4,
}
