namespace P2PDB.Engine.Transactions;

/// <summary>What a key lock allows others: shared holders read together, an exclusive holder is alone.</summary>
internal enum LockMode : byte
{
    /// <summary>Nobody may change the key; others may hold it shared too.</summary>
    Shared,

    /// <summary>Nobody else may hold the key.</summary>
    Exclusive,
}
