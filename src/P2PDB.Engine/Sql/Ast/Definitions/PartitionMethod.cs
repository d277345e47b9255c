namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>How rows are spread over partitions.</summary>
internal enum PartitionMethod : byte { Hash, Key, Range, RangeColumns, List, ListColumns }
