namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>What a locking read does about a row that another transaction holds.</summary>
internal enum LockWait : byte { Wait, NoWait, SkipLocked }
