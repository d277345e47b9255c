namespace P2PDB.Isolation.History;

/// <summary>The levels of the SQL standard, from the weakest to the strongest.</summary>
internal enum IsolationLevel
{
    ReadUncommitted,
    ReadCommitted,
    RepeatableRead,
    Serializable,
}
