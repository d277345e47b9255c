namespace P2PDB.Isolation.History;

/// <summary>What one statement of a recorded transaction did.</summary>
internal enum OperationKind
{
    /// <summary>Read one list or several: <see cref="Operation.Lists"/> has what they held.</summary>
    Read,

    /// <summary>Added an element to the end of a list.</summary>
    Append,

    /// <summary>Read which members a group has: a read by predicate.</summary>
    ReadMembers,

    /// <summary>Made a new member of a group, by INSERT or by an UPDATE that moves a row into it.</summary>
    Join,

    /// <summary>Took a member away from its group.</summary>
    Leave,
}
