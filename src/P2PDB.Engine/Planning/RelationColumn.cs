using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>One column of a relation, with what a client may learn about where it comes from.</summary>
/// <param name="Name">Name in the relation.</param>
/// <param name="Type">Type of its values.</param>
internal sealed record RelationColumn(string Name, SqlType Type)
{
    /// <summary>False where the values are never NULL.</summary>
    public bool IsNullable { get; init; } = true;

    /// <summary>True where a star leaves it out.</summary>
    public bool IsInvisible { get; init; }

    /// <summary>Schema of the table it comes from, or empty.</summary>
    public string OriginalSchema { get; init; } = "";

    /// <summary>Table it comes from, or empty.</summary>
    public string OriginalTable { get; init; } = "";

    /// <summary>Name in that table, or empty.</summary>
    public string OriginalName { get; init; } = "";

    /// <summary>Key and default flags for the client.</summary>
    public ResultColumnTraits Traits { get; init; }
}
