using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution;

/// <summary>
/// The memory that a statement's operators hold on to: rows and keys of sorts, hash tables and kept subqueries. They count it a batch at a
/// time. One that can put its rows on the disk asks (<see cref="TryChange"/>), and does so once the answer is no; such operators together get
/// three quarters of the limit, so that one which cannot (<see cref="Change"/>) still finds room. Only past the limit the statement ends.
/// </summary>
internal sealed class StatementMemory
{
    /// <summary>
    /// Bytes that an operator which can put its rows on the disk always may hold, counted or not: batches of rows are handled whole, and
    /// where others have taken all memory it must not write a file for every few rows.
    /// </summary>
    public const long WorkingLength = 128 * 1024;

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
            throw Exceeded();
    }

    /// <summary>Counts bytes taken, or given back, by an operator that has another way; false, and nothing is counted, where it is to go that way.</summary>
    public bool TryChange(long length)
    {
        if (length > 0 && _used + length > _limit - (_limit >> 2))
            return false;
        _used += length;
        return true;
    }

    /// <summary>Error 1038.</summary>
    public SqlException Exceeded() => SqlErrors.OutOfStatementMemory(_limit).ToException();
}
