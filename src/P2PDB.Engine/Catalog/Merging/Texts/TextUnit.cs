namespace P2PDB.Engine.Catalog.Merging.Texts;

/// <summary>What a difference is told in.</summary>
internal enum TextUnit
{
    /// <summary>Characters of UTF-8.</summary>
    Character,

    /// <summary>What ends with a blank.</summary>
    Word,

    /// <summary>What ends with a line feed.</summary>
    Line,
}
