namespace P2PDB.Isolation.Checking;

/// <summary>The phenomena that histories are searched for: Adya's and Berenson's names.</summary>
internal enum AnomalyKind
{
    /// <summary>What was acknowledged is not there, what was rolled back is, or two readers disagree about the order of versions.</summary>
    LostWrite,

    /// <summary>A transaction does not see what it wrote itself, or sees what it took back.</summary>
    Internal,

    /// <summary>A version that was committed before the reader began was not seen.</summary>
    StaleRead,

    /// <summary>An UPDATE whose condition named one version was carried out on another.</summary>
    WrongCondition,

    /// <summary>G0: writes of transactions follow each other in a circle.</summary>
    DirtyWrite,

    /// <summary>G1a: a version of a transaction that was rolled back was read.</summary>
    AbortedRead,

    /// <summary>G1b: a version that its writer replaced itself was read.</summary>
    IntermediateRead,

    /// <summary>G1c: transactions see or overwrite each other in a circle.</summary>
    CircularFlow,

    /// <summary>OTV: what a transaction wrote was seen, and a later statement saw a state from before it.</summary>
    ObservedTransactionVanishes,

    /// <summary>One statement saw a part of what a transaction wrote.</summary>
    FracturedRead,

    /// <summary>P2: a row that was read again had changed.</summary>
    NonRepeatableRead,

    /// <summary>P4: a transaction overwrote a version that it had not read, having read the one before.</summary>
    LostUpdate,

    /// <summary>G-single: a circle with one read of a version that was overwritten; read skew, and lost update.</summary>
    ReadSkew,

    /// <summary>G2-item: a circle with several such reads of rows; write skew.</summary>
    WriteSkew,

    /// <summary>G2: a circle in which a row was missed that a predicate would have found.</summary>
    Phantom,

    /// <summary>
    /// There is no order of commits in which each statement's, or each transaction's, reads see a moment: a circle among the parts
    /// that the level promises to be whole.
    /// </summary>
    BrokenOrder,
}
