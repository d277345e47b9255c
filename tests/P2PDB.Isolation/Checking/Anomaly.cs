namespace P2PDB.Isolation.Checking;

/// <summary>One phenomenon in a history, and where.</summary>
internal sealed record Anomaly(AnomalyKind Kind, bool IsForbidden, string Explanation);
