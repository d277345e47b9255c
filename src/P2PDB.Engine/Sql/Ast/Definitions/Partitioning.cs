using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>PARTITION BY.</summary>
internal sealed record Partitioning(PartitionMethod Method)
{
    /// <summary>LINEAR before HASH or KEY.</summary>
    public bool IsLinear { get; init; }

    /// <summary>ALGORITHM = n of KEY, or null.</summary>
    public ulong? Algorithm { get; init; }

    /// <summary>The expression of HASH, RANGE and LIST, or null for the column forms.</summary>
    public ExpressionNode? Expression { get; init; }

    /// <summary>The columns of KEY, RANGE COLUMNS and LIST COLUMNS; may be empty for KEY.</summary>
    public string[] Columns { get; init; } = [];

    /// <summary>PARTITIONS n, or null.</summary>
    public ulong? Count { get; init; }

    /// <summary>SUBPARTITION BY, or null.</summary>
    public Partitioning? Subpartitioning { get; init; }

    /// <summary>The partitions listed; may be empty.</summary>
    public PartitionDefinition[] Partitions { get; init; } = [];
}
