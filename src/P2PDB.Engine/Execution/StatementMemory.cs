using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution;

/// <summary>
/// The memory that a statement's operators hold on to: rows and keys of sorts, hash tables and kept subqueries. They count it a batch at a
/// time. Past the limit the statement ends; an operator that can put rows aside instead would do so where it now calls <see cref="Change"/>.
/// </summary>
internal sealed class StatementMemory
{
    private long _limit;
    private long _used;

    /// <summary>Starts a statement.</summary>
    public void Begin(long limit)
    {
        _limit = limit;
        _used = 0;
    }

    /// <summary>Counts bytes taken, or given back; error 1038 past the limit.</summary>
    public void Change(long length)
    {
        _used += length;
        if (length > 0 && _used > _limit)
            throw SqlErrors.OutOfStatementMemory(_limit).ToException();
    }
}
