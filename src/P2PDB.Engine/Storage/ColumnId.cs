namespace P2PDB.Engine.Storage;

/// <summary>
/// Identity of a column within its table, the same on all nodes: eight bytes of a hash over the table, the name it was
/// created with and its generation. It outlives renames, and peers who add the same column apart name the same column.
/// </summary>
/// <param name="Value">The identity; 0 is no column.</param>
internal readonly record struct ColumnId(ulong Value) : IComparable<ColumnId>
{
    /// <summary>True when this names no column.</summary>
    public bool IsNone => Value == 0;

    /// <inheritdoc/>
    public int CompareTo(ColumnId other) => Value.CompareTo(other.Value);

    /// <summary>16 lowercase hexadecimal digits.</summary>
    public override string ToString() => $"{Value:x16}";
}
