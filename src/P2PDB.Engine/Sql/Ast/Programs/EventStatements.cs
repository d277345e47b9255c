using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Programs;

/// <summary>CREATE EVENT and ALTER EVENT (whose schedule and body may be missing).</summary>
internal sealed record EventStatement(ObjectName Name, bool IsAlter) : Statement
{
    /// <summary>DEFINER, or null.</summary>
    public AccountName? Definer { get; init; }

    /// <summary>IF NOT EXISTS.</summary>
    public bool IfNotExists { get; init; }

    /// <summary>AT time, or null.</summary>
    public ExpressionNode? At { get; init; }

    /// <summary>EVERY amount, or null.</summary>
    public ExpressionNode? Every { get; init; }

    /// <summary>The unit of EVERY.</summary>
    public IntervalUnit EveryUnit { get; init; }

    /// <summary>STARTS, or null.</summary>
    public ExpressionNode? Starts { get; init; }

    /// <summary>ENDS, or null.</summary>
    public ExpressionNode? Ends { get; init; }

    /// <summary>ON COMPLETION PRESERVE (true) or NOT PRESERVE (false), or null.</summary>
    public bool? IsPreserved { get; init; }

    /// <summary>ENABLE, DISABLE or DISABLE ON REPLICA, or null.</summary>
    public string? State { get; init; }

    /// <summary>COMMENT, or null.</summary>
    public string? Comment { get; init; }

    /// <summary>RENAME TO, or null.</summary>
    public ObjectName? NewName { get; init; }

    /// <summary>DO, or null.</summary>
    public Statement? Body { get; init; }

    /// <summary>The body's text as written, or null.</summary>
    public string? BodyText { get; init; }
}

/// <summary>DROP EVENT.</summary>
internal sealed record DropEventStatement(ObjectName Name, bool IfExists) : Statement;
