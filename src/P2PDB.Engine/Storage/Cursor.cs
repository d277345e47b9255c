namespace P2PDB.Engine.Storage;

/// <summary>
/// A position in one ordered tree. A new cursor stands nowhere: seek first. Keys compare as bytes. Spans are valid until
/// the next move; a cursor is used by one thread.
/// </summary>
internal abstract class Cursor : IDisposable
{
    /// <summary>True when the cursor stands on a record.</summary>
    public abstract bool IsValid { get; }

    /// <summary>Key of the current record.</summary>
    public abstract ReadOnlySpan<byte> Key { get; }

    /// <summary>Value of the current record.</summary>
    public abstract ReadOnlySpan<byte> Value { get; }

    /// <summary>Moves to the first record whose key is at or after <paramref name="key"/>; false when there is none.</summary>
    public abstract bool SeekGe(ReadOnlySpan<byte> key);

    /// <summary>Moves to the last record whose key is at or before <paramref name="key"/>; false when there is none.</summary>
    public abstract bool SeekLe(ReadOnlySpan<byte> key);

    /// <summary>Moves to the first record; false when the tree is empty.</summary>
    public abstract bool SeekFirst();

    /// <summary>Moves to the last record; false when the tree is empty.</summary>
    public abstract bool SeekLast();

    /// <summary>Moves one record forward; false, and invalid, past the last one.</summary>
    public abstract bool Next();

    /// <summary>Moves one record back; false, and invalid, before the first one.</summary>
    public abstract bool Previous();

    /// <summary>
    /// How many records from the current one on are known to lie before a key: 0 where the current one does not, else at least 1, and as many as follow without a
    /// look at their keys. So that a walk need not compare each.
    /// </summary>
    public virtual int CountBefore(ReadOnlySpan<byte> end) => Key.SequenceCompareTo(end) < 0 ? 1 : 0;

    /// <summary>
    /// Moves forward to a record of which <see cref="CountBefore"/> has said that it is there, and gives its value: one call for each record of a walk.
    /// </summary>
    public virtual ReadOnlySpan<byte> NextValue()
    {
        Next();
        return Value;
    }

    /// <summary>
    /// Lets go of the memory that the cursor stands on, and keeps the cursor to be used again: seek or open it anew before reading on.
    /// </summary>
    public abstract void Park();

    /// <summary>Lets go of what the cursor holds on to.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of what the cursor holds on to.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}
