using P2PDB.Engine.Apply.ForeignKeys;
using P2PDB.Engine.Catalog;
using P2PDB.Engine.Catalog.Folding;
using P2PDB.Engine.Log;
using P2PDB.Engine.Storage;
using P2PDB.Primitives.Time;

namespace P2PDB.Engine.Apply;

/// <summary>A table as the applier works on it: its registers, where it lies, and its newest schema.</summary>
internal sealed class AppliedTable(TableState state, TablePlace place)
{
    /// <summary>Later than any operation.</summary>
    public static readonly Stamp Unending = new(new HlcTimestamp(ulong.MaxValue), 0, 0);

    /// <summary>The registers of its definitions.</summary>
    public TableState State { get; } = state;

    /// <summary>Trees, layouts, counter.</summary>
    public TablePlace Place { get; } = place;

    /// <summary>The newest schema; null while the table is not created, or after it was dropped. Rows are kept all the same.</summary>
    public TableSchema? Schema { get; private set; }

    /// <summary>Indexes that hide rows.</summary>
    public IndexSchema[] UniqueIndexes { get; private set; } = [];

    /// <summary>Indexes that only order rows.</summary>
    public IndexSchema[] PlainIndexes { get; private set; } = [];

    /// <summary>The forms of the indexes as built, by lower name: what is built anew follows from what differs.</summary>
    public Dictionary<string, byte[]> BuiltForms { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Stamp of the latest row operation: a floor above it empties the table at once. <see cref="Unending"/> once a row was appended,
    /// which no floor takes.
    /// </summary>
    public Stamp Newest { get; set; }

    /// <summary>The foreign keys of the table and to it, by which rows overrule others; null where there are none.</summary>
    public TableLinks? Links { get; set; }

    /// <summary>True where the definitions of the write under way changed which rows there are, other than row by row.</summary>
    public bool AreLinksStale { get; set; }

    /// <summary>Columns shown under another name than their own.</summary>
    public List<SetAsideName> ColumnsSetAside { get; set; } = [];

    /// <summary>The tree of rows.</summary>
    public TreeId RowTree => Place.RowTree;

    /// <summary>Takes a new schema, or none.</summary>
    public void SetSchema(TableSchema? schema)
    {
        Schema = schema;
        List<IndexSchema> unique = [], plain = [];
        if (schema is not null)
        {
            foreach (IndexSchema index in schema.Indexes)
                (index.IsUnique ? unique : plain).Add(index);
        }

        UniqueIndexes = [.. unique];
        PlainIndexes = [.. plain];
    }

    /// <inheritdoc/>
    public override string ToString() => Schema?.Name ?? State.Id.ToString();
}
