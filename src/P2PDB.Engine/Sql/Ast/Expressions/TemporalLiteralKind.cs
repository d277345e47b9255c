namespace P2PDB.Engine.Sql.Ast.Expressions;

/// <summary>Which word introduced a temporal literal.</summary>
internal enum TemporalLiteralKind : byte { Date, Time, Timestamp }
