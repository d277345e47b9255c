namespace P2PDB.Stores;

/// <summary>A store that takes part: rows of an integer key, an integer and 192 bytes, which it is asked for by key.</summary>
internal abstract class RowStore : IDisposable
{
    /// <summary>Bytes of a row's value beside its two integers of four and eight bytes, stored in eight each.</summary>
    public const int ValueLength = 184;

    /// <summary>What the table of results calls it.</summary>
    public abstract string Name { get; }

    /// <summary>True where rows lie in the order of their keys.</summary>
    public virtual bool Scans => true;

    /// <summary>Adds rows of the keys from 0 on.</summary>
    public abstract void Load(int count);

    /// <summary>Reads one row; returns the sum of its integer, its value's length and its value's first byte.</summary>
    public abstract long Read(int key);

    /// <summary>Reads the rows of a range of keys; returns the sum of the same.</summary>
    public abstract long Scan(int from, int to);

    /// <summary>Replaces the integer and the value of a row that is there, as a transaction of its own that is not synced.</summary>
    public abstract void Write(int key, long number, ReadOnlySpan<byte> value);

    /// <inheritdoc/>
    public abstract void Dispose();
}
