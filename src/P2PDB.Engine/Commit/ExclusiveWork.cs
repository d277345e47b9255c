namespace P2PDB.Engine.Commit;

/// <summary>A step that runs while no commit does.</summary>
internal sealed class ExclusiveWork(Action step) : CommitWork
{
    /// <summary>True when the loop stopped before the step could run.</summary>
    public bool WasStopped { get; private set; }

    /// <inheritdoc/>
    internal override void Run() => step();

    /// <inheritdoc/>
    internal override void Stop() => WasStopped = true;
}
