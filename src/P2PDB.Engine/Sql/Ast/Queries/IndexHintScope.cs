namespace P2PDB.Engine.Sql.Ast.Queries;

/// <summary>What an index hint is for.</summary>
internal enum IndexHintScope : byte { All, Join, OrderBy, GroupBy }
