namespace P2PDB.Engine.Sql.Ast.Control;

/// <summary>The verbs of table maintenance.</summary>
internal enum TableMaintenance : byte { Analyze, Check, Checksum, Optimize, Repair }
