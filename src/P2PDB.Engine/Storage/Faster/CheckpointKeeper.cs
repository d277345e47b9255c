using FASTER.core;

namespace P2PDB.Engine.Storage.Faster;

/// <summary>
/// What FASTER asks to keep its checkpoints: takes its metadata and its index snapshot in memory, since it calls on whichever
/// thread moves its state machine on, perhaps a reader's. <see cref="FasterPageFile"/> makes them durable.
/// </summary>
internal sealed class CheckpointKeeper : ICheckpointManager
{
    private SnapshotDevice _indexDevice = new();

    /// <summary>FASTER's metadata of the last log checkpoint.</summary>
    public byte[] LogMetadata { get; private set; } = [];

    /// <summary>FASTER's metadata of the last index snapshot.</summary>
    public byte[] IndexMetadata { get; private set; } = [];

    /// <summary>Gives FASTER what a token keeps, for recovery.</summary>
    public void Load(CheckpointToken token, ReadOnlySpan<byte> index)
    {
        LogMetadata = token.LogMetadata;
        IndexMetadata = token.Index?.Metadata ?? [];
        _indexDevice.Write(0, index);
    }

    /// <summary>The bytes of the last index snapshot, until they are freed.</summary>
    public ReadOnlySpan<byte> IndexBytes => _indexDevice.Bytes;

    /// <summary>Gives the memory of the index snapshot back: it was read, or is durable.</summary>
    public void FreeIndex() => _indexDevice.Free();

    /// <inheritdoc/>
    public void InitializeIndexCheckpoint(Guid indexToken) => _indexDevice = new SnapshotDevice();

    /// <inheritdoc/>
    public void InitializeLogCheckpoint(Guid logToken)
    {
    }

    /// <inheritdoc/>
    public void CommitIndexCheckpoint(Guid indexToken, byte[] commitMetadata) => IndexMetadata = commitMetadata;

    /// <inheritdoc/>
    public void CommitLogCheckpoint(Guid logToken, byte[] commitMetadata) => LogMetadata = commitMetadata;

    /// <inheritdoc/>
    public void CheckpointVersionShift(long oldVersion, long newVersion)
    {
    }

    /// <inheritdoc/>
    public byte[] GetIndexCheckpointMetadata(Guid indexToken) => IndexMetadata;

    /// <inheritdoc/>
    public byte[] GetLogCheckpointMetadata(Guid logToken, DeltaLog deltaLog, bool scanDelta, long recoverTo) => LogMetadata;

    /// <inheritdoc/>
    public IDevice GetIndexDevice(Guid indexToken) => _indexDevice;

    /// <summary>None: checkpoints fold over, there is no log of differences.</summary>
    public IDevice GetDeltaLogDevice(Guid token) => null!;

    /// <inheritdoc/>
    public IEnumerable<Guid> GetIndexCheckpointTokens() => [];

    /// <inheritdoc/>
    public IEnumerable<Guid> GetLogCheckpointTokens() => [];

    /// <summary>Not used by checkpoints that fold over.</summary>
    public IDevice GetSnapshotLogDevice(Guid token) => throw new NotSupportedException();

    /// <summary>Not used by checkpoints that fold over.</summary>
    public IDevice GetSnapshotObjectLogDevice(Guid token) => throw new NotSupportedException();

    /// <summary>Not used by checkpoints that fold over.</summary>
    public void CommitLogIncrementalCheckpoint(Guid logToken, long version, byte[] commitMetadata, DeltaLog deltaLog) =>
        throw new NotSupportedException();

    /// <summary>Files are the page file's to remove.</summary>
    public void Purge(Guid token)
    {
    }

    /// <summary>Files are the page file's to remove.</summary>
    public void PurgeAll()
    {
    }

    /// <inheritdoc/>
    public void OnRecovery(Guid indexToken, Guid logToken)
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
