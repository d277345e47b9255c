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

    /// <summary>Sets how much it holds now; false where it is to put rows on the disk instead, and then to say what it holds.</summary>
    public bool TrySet(StatementContext context, long length)
    {
        long held = _execution == context.Execution ? _length : 0;
        bool isCounted = context.Memory.TryChange(length - held);
        if (!isCounted && length > StatementMemory.WorkingLength)
            return false;
        if (!isCounted)
            context.Memory.Change(-held);
        (_execution, _length) = (context.Execution, isCounted ? length : 0);
        return true;
    }
}
