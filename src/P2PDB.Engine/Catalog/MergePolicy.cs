namespace P2PDB.Engine.Catalog;

/// <summary>
/// How concurrent writes of one column merge (docs/merge.md). The numbers stand in log entries, definitions and row records,
/// and never change.
/// </summary>
internal enum MergePolicy : byte
{
    /// <summary>The latest write stays.</summary>
    LastWriter = 0,

    /// <summary>The earliest write that is not NULL stays.</summary>
    FirstWriter = 1,

    /// <summary>The greatest value stays.</summary>
    Max = 2,

    /// <summary>The least value stays.</summary>
    Min = 3,

    /// <summary>Amounts added and taken away add up.</summary>
    Counter = 4,

    /// <summary>Members added and taken away, each by itself; adding wins.</summary>
    Set = 5,

    /// <summary>Edits of one text are woven into each other.</summary>
    Text = 6,

    /// <summary>All values that nobody had seen when another was written stay.</summary>
    MultiValue = 7,

    /// <summary>The row is one register: its latest write stays, in all columns.</summary>
    Row = 8,

    /// <summary>Of lanes: a counter that only grows. Declared as a counter with <c>"grow":true</c>.</summary>
    GrowingCounter = 9,

    /// <summary>Of lanes: a counter that does not fall below 0. Declared as a counter with <c>"min":0</c>.</summary>
    BoundedCounter = 10,
}
