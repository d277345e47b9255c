using P2PDB.Engine.Sql.Ast.Expressions;

namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>([name] [PARTITION BY …] [ORDER BY …] [frame]).</summary>
internal sealed record WindowSpecification(string? BaseName, ExpressionNode[] PartitionBy, OrderItem[] OrderBy, WindowFrame? Frame);
