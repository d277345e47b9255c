using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>CREATE [OR REPLACE] VIEW and ALTER VIEW.</summary>
internal sealed record CreateViewStatement(ObjectName Name, string[] Columns, Query Query) : Statement
{
    /// <summary>The query's text as written: what is stored.</summary>
    public required string QueryText { get; init; }

    /// <summary>OR REPLACE.</summary>
    public bool IsReplace { get; init; }

    /// <summary>ALTER VIEW: it must exist.</summary>
    public bool IsAlter { get; init; }

    /// <summary>ALGORITHM: UNDEFINED, MERGE or TEMPTABLE; or null.</summary>
    public string? Algorithm { get; init; }

    /// <summary>DEFINER, or null.</summary>
    public AccountName? Definer { get; init; }

    /// <summary>SQL SECURITY INVOKER; DEFINER is the default.</summary>
    public bool IsInvoker { get; init; }

    /// <summary>WITH … CHECK OPTION: CASCADED or LOCAL; or null.</summary>
    public string? CheckOption { get; init; }
}
