namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>What a frame counts; MySQL parses GROUPS and refuses it.</summary>
internal enum WindowFrameUnit : byte { Rows, Range, Groups }
