namespace P2PDB.Engine.Sql.Ast.Changes;

/// <summary>LOW_PRIORITY, DELAYED and HIGH_PRIORITY, which have no effect.</summary>
internal enum WritePriority : byte { Normal, Low, Delayed, High }
