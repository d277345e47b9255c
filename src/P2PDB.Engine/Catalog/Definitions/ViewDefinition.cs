using System.Collections.Immutable;
using P2PDB.Engine.Storage;

namespace P2PDB.Engine.Catalog.Definitions;

/// <summary>A view as CREATE VIEW logs it.</summary>
internal sealed record ViewDefinition
{
    /// <summary>The identity, see <see cref="CatalogIds.ViewIdOf"/>; views and tables share one space of names.</summary>
    public required TableId Id { get; init; }

    /// <summary>The name as written when the view was first created.</summary>
    public required string Name { get; init; }

    /// <summary>How many views of this name the database had before.</summary>
    public required uint Generation { get; init; }

    /// <summary>True for CREATE OR REPLACE of a view that exists, and for ALTER VIEW.</summary>
    public bool IsReplacement { get; init; }

    /// <summary>True where the statement named the columns.</summary>
    public bool HasColumnList { get; init; }

    /// <summary>How it is to be run.</summary>
    public ViewAlgorithm Algorithm { get; init; }

    /// <summary>What rows written through it must meet.</summary>
    public ViewCheck Check { get; init; }

    /// <summary>SQL SECURITY INVOKER.</summary>
    public bool IsInvoker { get; init; }

    /// <summary>User part of the definer.</summary>
    public string DefinerUser { get; init; } = "";

    /// <summary>Host part of the definer.</summary>
    public string DefinerHost { get; init; } = "";

    /// <summary>character_set_client of the session that made it.</summary>
    public string CharacterSet { get; init; } = "";

    /// <summary>collation_connection of that session.</summary>
    public string Collation { get; init; } = "";

    /// <summary>Names of its columns, in order.</summary>
    public required ImmutableArray<string> Columns { get; init; }

    /// <summary>
    /// Its query as canonical text. Tables of the view's own database are named without a schema: every node may call the database
    /// something else.
    /// </summary>
    public required string Query { get; init; }
}
