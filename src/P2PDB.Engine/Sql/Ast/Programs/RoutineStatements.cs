using P2PDB.Engine.Sql.Ast.Definitions;

namespace P2PDB.Engine.Sql.Ast.Programs;

/// <summary>CREATE PROCEDURE or FUNCTION.</summary>
internal sealed record CreateRoutineStatement(ObjectName Name, RoutineParameter[] Parameters, Statement Body) : Statement
{
    /// <summary>The body's text as written: what is stored.</summary>
    public required string BodyText { get; init; }

    /// <summary>DEFINER, or null.</summary>
    public AccountName? Definer { get; init; }

    /// <summary>IF NOT EXISTS.</summary>
    public bool IfNotExists { get; init; }

    /// <summary>RETURNS of a function; null for a procedure.</summary>
    public DataTypeNode? Returns { get; init; }

    /// <summary>The characteristics.</summary>
    public RoutineTraits Traits { get; init; } = new();
}

/// <summary>One parameter of a routine.</summary>
internal sealed record RoutineParameter(string Name, DataTypeNode Type, ParameterDirection Direction);

/// <summary>IN, OUT and INOUT.</summary>
internal enum ParameterDirection : byte { In, Out, InOut }

/// <summary>The characteristics of a routine; null where not written.</summary>
internal sealed record RoutineTraits
{
    /// <summary>DETERMINISTIC or NOT DETERMINISTIC.</summary>
    public bool? IsDeterministic { get; init; }

    /// <summary>CONTAINS SQL, NO SQL, READS SQL DATA or MODIFIES SQL DATA.</summary>
    public string? DataAccess { get; init; }

    /// <summary>SQL SECURITY INVOKER (true) or DEFINER (false).</summary>
    public bool? IsInvoker { get; init; }

    /// <summary>COMMENT.</summary>
    public string? Comment { get; init; }

    /// <summary>LANGUAGE.</summary>
    public string? Language { get; init; }
}

/// <summary>ALTER PROCEDURE or FUNCTION.</summary>
internal sealed record AlterRoutineStatement(ObjectName Name, bool IsFunction, RoutineTraits Traits) : Statement;

/// <summary>DROP PROCEDURE or FUNCTION.</summary>
internal sealed record DropRoutineStatement(ObjectName Name, bool IsFunction, bool IfExists) : Statement;
