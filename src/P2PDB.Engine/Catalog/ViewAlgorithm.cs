namespace P2PDB.Engine.Catalog;

/// <summary>How a view's query is to be run. The numbers are part of the definition format.</summary>
internal enum ViewAlgorithm : byte
{
    /// <summary>As part of the statement that reads the view, where that can be.</summary>
    Undefined = 0,

    /// <summary>The same, asked for.</summary>
    Merge = 1,

    /// <summary>By itself, its rows read like a table's.</summary>
    TempTable = 2,
}
