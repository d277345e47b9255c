namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>The set operators.</summary>
internal enum SetOperator : byte { Union, Intersect, Except }
