namespace P2PDB.Engine.Execution.Virtual;

/// <summary>
/// Rows of a made-up table, one after the other; starts before the first. A value is made when it is asked for, so that columns
/// nobody reads cost nothing. Whoever skips many rows in one move asks meanwhile whether the statement was stopped.
/// </summary>
internal abstract class RowStream : IDisposable
{
    /// <summary>A value of the current row, as <see cref="VirtualRows"/> has them; each is asked for once at most.</summary>
    public abstract object? this[int column] { get; }

    /// <summary>Goes to the next row; false after the last.</summary>
    public abstract bool MoveNext();

    /// <summary>Lets go of what it holds.</summary>
    public abstract void Dispose();
}
