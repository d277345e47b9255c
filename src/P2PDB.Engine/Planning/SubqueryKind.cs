namespace P2PDB.Engine.Planning;

/// <summary>What an expression wants of a query inside it.</summary>
internal enum SubqueryKind : byte
{
    /// <summary>The one value of its one row; NULL without a row, error 1242 with more.</summary>
    Scalar,

    /// <summary>Whether it has a row.</summary>
    Exists,

    /// <summary>Whether a value is among its rows, with NULL logic.</summary>
    In,

    /// <summary>Whether a comparison holds for some row.</summary>
    Any,

    /// <summary>Whether a comparison holds for all rows.</summary>
    All,

    /// <summary>(a, b) op (SELECT …): with the one row, or with NULLs where there is none.</summary>
    Row,
}
