using System.Security.Cryptography;

namespace P2PDB.Engine.Log;

/// <summary>What the log of a node is given.</summary>
internal sealed record NodeLogOptions
{
    /// <summary>The wall clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where keys come from.</summary>
    public RandomSource Random { get; init; } = RandomNumberGenerator.Fill;

    /// <summary>Sizes of the journal.</summary>
    public JournalOptions Journal { get; init; } = new();

    /// <summary>Bytes of entries that gather before history is written; bounds memory and the journal.</summary>
    public long TailLengthMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes of a raw body at most in what this node writes; the simulator lowers it to see many parts and chunks.</summary>
    public int BodyLengthMax { get; init; } = EntryFormat.RawBodyLengthMax;

    /// <summary>
    /// Reads what the rows that the node starts with have of each database's log. Asked once, when the volume is locked. A log that
    /// holds less has no <see cref="DatabaseLog.Mark"/> then: the rows are to be made anew.
    /// </summary>
    public Func<IReadOnlyDictionary<DatabaseId, LogMark>>? ReadMarks { get; init; }

    /// <summary>
    /// True where a thread of its own signs what is committed while the disk writes it; else, and where that thread is late, whoever
    /// commits signs after the write. The entries are the same.
    /// </summary>
    public bool SignsAside { get; init; }

    /// <summary>Planted bugs: none but in the simulator.</summary>
    public LogFaults Faults { get; init; } = LogFaults.None;
}
