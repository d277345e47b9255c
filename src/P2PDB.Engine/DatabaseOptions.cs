using P2PDB.Engine.Apply;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage.Devices;
using P2PDB.Engine.Sync;
using P2PDB.Engine.Transactions;

namespace P2PDB.Engine;

/// <summary>How a data directory is opened.</summary>
public sealed record DatabaseOptions
{
    /// <summary>The wall clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Seed of RAND() and the like; a new one each time where it is null.</summary>
    public int? Seed { get; init; }

    /// <summary>1, 2 or 0, as <c>innodb_flush_log_at_trx_commit</c>.</summary>
    public int FlushMode { get; init; } = 1;

    /// <summary>Root's password; without one root logs in from this machine only.</summary>
    public string? RootPassword { get; init; }

    /// <summary>True where clients may send files for LOAD DATA LOCAL, as <c>local_infile</c>; SET GLOBAL changes it.</summary>
    public bool AllowsLocalInfile { get; init; }

    /// <summary>The directory whose files LOAD DATA without LOCAL may read, as <c>secure_file_priv</c>; none where it is null.</summary>
    public string? SecureFilePriv { get; init; }

    /// <summary>True where a thread of the database syncs and writes history about once a second; the simulator does so itself.</summary>
    public bool HasTicker { get; init; } = true;

    /// <summary>Which store holds the rows.</summary>
    public StoreKind Store { get; init; } = StoreKind.Memory;

    /// <summary>Bytes of memory for the pages of <see cref="StoreKind.File"/>.</summary>
    public long StoreMemory { get; init; } = 128L << 20;

    /// <summary>Bytes of changes between two checkpoints of <see cref="StoreKind.File"/>: what a start after a kill applies at most, about.</summary>
    public long CheckpointInterval { get; init; } = 64L << 20;

    /// <summary>The files, in place of a directory of the system.</summary>
    internal StorageVolume? Volume { get; init; }

    /// <summary>Where keys come from, in place of the system's generator.</summary>
    internal RandomSource? KeySource { get; init; }

    /// <summary>Sizes of the journal.</summary>
    internal JournalOptions Journal { get; init; } = new();

    /// <summary>Bytes of memory for what one transaction changes, about; the rest of it goes to the disk.</summary>
    internal long TransactionMemory { get; init; } = 16 << 20;

    /// <summary>Bytes of entries that gather before history is written.</summary>
    internal long TailLengthMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Bytes of a raw entry body at most.</summary>
    internal int BodyLengthMax { get; init; } = EntryFormat.RawBodyLengthMax;

    /// <summary>How long CALL p2pdb.join waits for a peer before it goes on in the background; zero for one thread alone.</summary>
    internal TimeSpan JoinPatience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How much goes into one frame of sync.</summary>
    internal SyncSizes SyncSizes { get; init; } = SyncSizes.Usual;

    /// <summary>Bugs planted in the merge by the simulator.</summary>
    internal MergeFaults MergeFaults { get; init; } = MergeFaults.None;

    /// <summary>Bugs planted in the log by the simulator.</summary>
    internal LogFaults LogFaults { get; init; } = LogFaults.None;

    /// <summary>Bugs planted in transactions by the isolation checker.</summary>
    internal TransactionFaults TransactionFaults { get; init; } = TransactionFaults.None;
}
