using P2PDB.Engine.Sql.Ast.Expressions;
using P2PDB.Engine.Sql.Ast.Queries;

namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>SHOW in all its forms; which members count depends on <see cref="Kind"/>.</summary>
internal sealed record ShowStatement(ShowKind Kind) : Statement
{
    /// <summary>FULL.</summary>
    public bool IsFull { get; init; }

    /// <summary>EXTENDED.</summary>
    public bool IsExtended { get; init; }

    /// <summary>IF NOT EXISTS of SHOW CREATE DATABASE.</summary>
    public bool IfNotExists { get; init; }

    /// <summary>GLOBAL, SESSION or none.</summary>
    public VariableScope Scope { get; init; }

    /// <summary>FROM or IN database; null for the current one. For COLUMNS and INDEXES it is inside <see cref="Name"/>.</summary>
    public string? Schema { get; init; }

    /// <summary>The table, view, routine, trigger or event shown; the database of CreateDatabase; the engine, log or channel.</summary>
    public ObjectName? Name { get; init; }

    /// <summary>The account of CREATE USER and GRANTS; null for one's own.</summary>
    public AccountName? Account { get; init; }

    /// <summary>USING roles of GRANTS; empty where there are none.</summary>
    public AccountName[] Roles { get; init; } = [];

    /// <summary>LIKE, or null.</summary>
    public byte[]? Like { get; init; }

    /// <summary>WHERE, or null.</summary>
    public ExpressionNode? Where { get; init; }

    /// <summary>LIMIT of WARNINGS, ERRORS, PROFILE and the log events, or null.</summary>
    public LimitClause? Limit { get; init; }

    /// <summary>FROM position of the log events, or null.</summary>
    public ulong? LogPosition { get; init; }

    /// <summary>The types of PROFILE, upper case; empty where none was named.</summary>
    public string[] ProfileTypes { get; init; } = [];

    /// <summary>FOR QUERY of PROFILE, or null.</summary>
    public ulong? ProfileQuery { get; init; }
}
