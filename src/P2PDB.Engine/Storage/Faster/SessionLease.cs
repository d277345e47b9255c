namespace P2PDB.Engine.Storage.Faster;

/// <summary>A session for a scope: given back at its end if <see cref="Done"/> was called, given up otherwise.</summary>
internal ref struct SessionLease(SessionPool pool, PageSession session) : IDisposable
{
    private bool _isDone;

    /// <summary>The session.</summary>
    public readonly PageSession Session => session;

    /// <summary>Says that the operation ended as it should.</summary>
    public void Done() => _isDone = true;

    /// <summary>Ends the scope.</summary>
    public readonly void Dispose()
    {
        if (_isDone)
            pool.Return(session);
        else
            pool.Discard();
    }
}
