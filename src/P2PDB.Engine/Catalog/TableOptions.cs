using P2PDB.Engine.Types;

namespace P2PDB.Engine.Catalog;

/// <summary>What a table is, apart from its columns and indexes: the part that ALTER TABLE … COMMENT and the like replace.</summary>
internal sealed record TableOptions
{
    /// <summary>Collation of columns that name none.</summary>
    public Collation Collation { get; init; } = Collation.Default;

    /// <summary>The comment.</summary>
    public string Comment { get; init; } = "";

    /// <summary>ENGINE_ATTRIBUTE, see <see cref="MergeAttribute"/>, or empty.</summary>
    public string EngineAttribute { get; init; } = "";
}
