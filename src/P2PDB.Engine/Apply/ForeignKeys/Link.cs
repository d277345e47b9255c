using P2PDB.Engine.Catalog;
using P2PDB.Primitives.Buffers;

namespace P2PDB.Engine.Apply.ForeignKeys;

/// <summary>A foreign key by which rows overrule others: one that finds its parents and its children by indexes.</summary>
internal sealed class Link
{
    private Link(ForeignKeySchema key, AppliedTable child, AppliedTable parent)
    {
        Key = key;
        Child = child;
        Parent = parent;
    }

    /// <summary>The foreign key.</summary>
    public ForeignKeySchema Key { get; }

    /// <summary>The table whose rows reference.</summary>
    public AppliedTable Child { get; }

    /// <summary>The table that is referenced.</summary>
    public AppliedTable Parent { get; }

    /// <summary>An index of the child that begins with the columns of the key.</summary>
    public IndexSchema ChildIndex => Key.ChildIndex!;

    /// <summary>The unique index of the parent that is referenced.</summary>
    public IndexSchema ParentKey => Key.ParentKey!;

    /// <summary>True where rows go with their parents.</summary>
    public bool Cascades => Key.Definition.OnDelete == ReferenceRule.Cascade;

    /// <summary>The link of a foreign key; null where its rule shows nothing else than registers say, or nothing can be referenced or found.</summary>
    public static Link? Of(ForeignKeySchema key, AppliedDatabase database) =>
        key.Definition.OnDelete == ReferenceRule.SetNull || key.ParentKey is null || key.ChildIndex is null
            ? null
            : new Link(key, database.Tables[key.Child.Id], database.Tables[key.Parent!.Id]);

    /// <summary>
    /// True where a row keeps the one that it references, though it was deleted, by the primary key; a row that stays does so too where
    /// others would go.
    /// </summary>
    public bool Holds(ReadOnlySpan<byte> child) => ParentKey.IsPrimary && (!Cascades || StoredRow.IsAppendedRecord(child));

    /// <summary>Writes the key that a row names; false for a key with a NULL, which names nobody.</summary>
    public bool TryWriteChildKey(ReadOnlySpan<byte> record, ByteWriter target) =>
        RowVisibility.TryClaim(Key.Child, Key.ChildColumns, record, target);

    /// <summary>Writes the key by which a row can be referenced; false for a key with a NULL.</summary>
    public bool TryWriteParentKey(ReadOnlySpan<byte> record, ByteWriter target) =>
        RowVisibility.TryClaim(Key.Parent!, ParentKey, record, target);

    /// <summary>True where two links, perhaps of different schemas, make the same of the same rows.</summary>
    public bool IsSameAs(Link other)
    {
        using ByteWriter own = new(), others = new();
        return Child == other.Child && Parent == other.Parent && Cascades == other.Cascades
            && AreSame(Key.Child, ChildIndex, other.Key.Child, other.ChildIndex)
            && AreSame(Key.Parent!, ParentKey, other.Key.Parent!, other.ParentKey)
            && Key.ChildOrdinals.Length == other.Key.ChildOrdinals.Length;

        bool AreSame(TableSchema left, IndexSchema leftIndex, TableSchema right, IndexSchema rightIndex) =>
            IndexForm.Of(own, left, leftIndex).AsSpan().SequenceEqual(IndexForm.Of(others, right, rightIndex));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Child}.{Key.Name}";
}
