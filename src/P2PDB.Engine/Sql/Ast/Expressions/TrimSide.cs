namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>Which end TRIM works on.</summary>
internal enum TrimSide : byte { Both, Leading, Trailing }
