using P2PDB.Engine.Types;

namespace P2PDB.Engine;

/// <summary>Describes one column of a result set as MySQL's column definition does. Immutable; plans keep and reuse it.</summary>
/// <remarks>
/// Column length, decimals and the traits that follow from the type alone are the server's to derive from
/// <see cref="Type"/>; <see cref="Length"/> and <see cref="Decimals"/> are set only where they differ from that.
/// </remarks>
public sealed class ResultColumn
{
    /// <summary>Makes a column of the given name and type that belongs to no table.</summary>
    public ResultColumn(string name, SqlType type)
    {
        Name = name;
        Type = type;
    }

    /// <summary>Schema of the table it comes from; empty for an expression.</summary>
    public string Schema { get; init; } = "";

    /// <summary>Name of the table in the statement, after aliasing; empty for an expression.</summary>
    public string Table { get; init; } = "";

    /// <summary>Name of the table in the schema; empty for an expression.</summary>
    public string OriginalTable { get; init; } = "";

    /// <summary>Name in the result, after aliasing.</summary>
    public string Name { get; }

    /// <summary>Name of the column in its table; empty for an expression.</summary>
    public string OriginalName { get; init; } = "";

    /// <summary>Type of its values.</summary>
    public SqlType Type { get; }

    /// <summary>Traits beyond those that follow from the type: keys, NOT NULL, AUTO_INCREMENT.</summary>
    public ResultColumnTraits Traits { get; init; }

    /// <summary>Column length in bytes as MySQL reports it, or null to derive it from the type.</summary>
    public uint? Length { get; init; }

    /// <summary>Decimals as MySQL reports them, or null to derive them from the type.</summary>
    public byte? Decimals { get; init; }
}
