using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Changes;

/// <summary>LOAD DATA or LOAD XML.</summary>
internal sealed record LoadDataStatement(string File, ObjectName Table) : Statement
{
    /// <summary>LOAD XML instead of LOAD DATA.</summary>
    public bool IsXml { get; init; }

    /// <summary>LOCAL: the client sends the file.</summary>
    public bool IsLocal { get; init; }

    /// <summary>LOW_PRIORITY or CONCURRENT (as High).</summary>
    public WritePriority Priority { get; init; }

    /// <summary>REPLACE.</summary>
    public bool IsReplace { get; init; }

    /// <summary>IGNORE.</summary>
    public bool IsIgnore { get; init; }

    /// <summary>PARTITION (names); empty where there is none.</summary>
    public string[] Partitions { get; init; } = [];

    /// <summary>CHARACTER SET, or null.</summary>
    public string? CharacterSet { get; init; }

    /// <summary>FIELDS and LINES, or null.</summary>
    public FileFormat? Format { get; init; }

    /// <summary>ROWS IDENTIFIED BY of LOAD XML, or null.</summary>
    public byte[]? RowTag { get; init; }

    /// <summary>IGNORE n LINES or ROWS.</summary>
    public ulong SkippedLines { get; init; }

    /// <summary>Columns and user variables the fields go to; empty where there is no list.</summary>
    public ExpressionNode[] Targets { get; init; } = [];

    /// <summary>SET; empty where there is none.</summary>
    public Assignment[] Assignments { get; init; } = [];
}
