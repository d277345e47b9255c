namespace P2PDB.Isolation.Checking;

/// <summary>One dependency.</summary>
internal readonly record struct Edge(int From, int To, EdgeKind Kind, string Cause);
