using P2PDB.Engine.Sql.Ast.Definitions;

namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>A column of JSON_TABLE: FOR ORDINALITY (no type), a value at a path, EXISTS, or NESTED (columns of its own, no name).</summary>
internal sealed record JsonTableColumn(string? Name, DataTypeNode? Type, byte[]? Path)
{
    /// <summary>EXISTS PATH: 1 where the path is present.</summary>
    public bool IsExists { get; init; }

    /// <summary>NULL, DEFAULT or ERROR ON EMPTY, or null.</summary>
    public JsonResponse? OnEmpty { get; init; }

    /// <summary>NULL, DEFAULT or ERROR ON ERROR, or null.</summary>
    public JsonResponse? OnError { get; init; }

    /// <summary>The columns of NESTED PATH; empty for the other kinds.</summary>
    public JsonTableColumn[] Nested { get; init; } = [];
}
