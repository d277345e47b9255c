namespace P2PDB.Engine.Execution.Operators;

/// <summary>What one owner of rows and keys holds of its statement's memory.</summary>
internal struct MemoryHold
{
    private long _execution;
    private long _length;

    /// <summary>Sets how much it holds now, in bytes; error 1038 where that is too much. What was held in an earlier execution is over.</summary>
    public void Set(StatementContext context, long length)
    {
        if (length == 0 && _length == 0)
            return;   // also where it was never opened
        long held = _execution == context.Execution ? _length : 0;
        (_execution, _length) = (context.Execution, length);
        context.Memory.Change(length - held);
    }
}
