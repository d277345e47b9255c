namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>The prefix operators; ! and NOT mean the same. Binary is the old cast BINARY x.</summary>
internal enum UnaryOperator : byte { Minus, Plus, BitNot, Not, Binary }
