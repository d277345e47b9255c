namespace P2PDB.Engine.Planning.JsonTables;

/// <summary>What a column of JSON_TABLE holds.</summary>
internal enum JsonTableFieldKind : byte
{
    /// <summary>The number of the row among those of its path.</summary>
    Ordinality,

    /// <summary>The value at a path.</summary>
    Value,

    /// <summary>1 where the path is present, else 0.</summary>
    Exists,
}
