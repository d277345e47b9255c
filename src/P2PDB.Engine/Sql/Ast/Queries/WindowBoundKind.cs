namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>Where a frame's end lies.</summary>
internal enum WindowBoundKind : byte { UnboundedPreceding, Preceding, CurrentRow, Following, UnboundedFollowing }
