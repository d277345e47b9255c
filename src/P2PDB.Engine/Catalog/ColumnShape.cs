using P2PDB.Engine.Types;

namespace P2PDB.Engine.Catalog;

/// <summary>What a column is, apart from its name and place: the part of its definition that MODIFY replaces as a whole.</summary>
internal sealed record ColumnShape
{
    /// <summary>The type, with its collation.</summary>
    public required SqlType Type { get; init; }

    /// <summary>True unless NOT NULL.</summary>
    public bool IsNullable { get; init; } = true;

    /// <summary>True for AUTO_INCREMENT.</summary>
    public bool IsAutoIncrement { get; init; }

    /// <summary>True for INVISIBLE: not part of *.</summary>
    public bool IsInvisible { get; init; }

    /// <summary>True for ON UPDATE CURRENT_TIMESTAMP.</summary>
    public bool IsUpdatedToNow { get; init; }

    /// <summary>The default.</summary>
    public DefaultValue Default { get; init; } = DefaultValue.None;

    /// <summary>The comment.</summary>
    public string Comment { get; init; } = "";

    /// <summary>ENGINE_ATTRIBUTE, see <see cref="MergeAttribute"/>, or empty.</summary>
    public string EngineAttribute { get; init; } = "";
}
