namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>The kinds of join; a comma inside parentheses is an inner one.</summary>
internal enum JoinKind : byte { Inner, Left, Right, Straight }
