namespace P2PDB.Engine.Catalog.Merging.Texts;

/// <summary>What a difference is told in.</summary>
internal enum TextUnit
{
    /// <summary>Characters of UTF-8.</summary>
    Character,

    /// <summary>Letters and digits that stand together; any other character by itself.</summary>
    Word,

    /// <summary>What ends with a line feed.</summary>
    Line,
}
