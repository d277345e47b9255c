using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>One partition. MAXVALUE is a null inside <see cref="LessThan"/>.</summary>
internal sealed record PartitionDefinition(string Name)
{
    /// <summary>VALUES LESS THAN; null where not written.</summary>
    public ExpressionNode?[]? LessThan { get; init; }

    /// <summary>VALUES IN; null where not written. A row of several columns is a <see cref="RowNode"/>.</summary>
    public ExpressionNode[]? In { get; init; }

    /// <summary>Options such as COMMENT and ENGINE.</summary>
    public TableOption[] Options { get; init; } = [];

    /// <summary>The subpartitions listed.</summary>
    public PartitionDefinition[] Subpartitions { get; init; } = [];
}
