using System.Text;
using P2PDB.Engine.Catalog.Definitions;

namespace P2PDB.Engine.Catalog;

/// <summary>
/// A foreign key between two table versions. The referenced table goes by its identity, and where that is unknown or gone, by its name:
/// so a key may be made before its table, and holds on to one that is made anew.
/// </summary>
internal sealed class ForeignKeySchema
{
    /// <summary>Finds what a key of a table references.</summary>
    public ForeignKeySchema(TableSchema child, ForeignKeyDefinition definition, DatabaseSchema database)
    {
        Child = child;
        Definition = definition;
        ChildOrdinals = new int[definition.Columns.Length];
        for (int i = 0; i < ChildOrdinals.Length; i++)
            ChildOrdinals[i] = child.OrdinalOf(definition.Columns[i]);
        ChildIndex = FindIndex(child, ChildOrdinals);
        ChildColumns = new IndexSchema
        {
            Name = definition.Name,
            Kind = IndexKind.Plain,
            Parts = [.. Array.ConvertAll(ChildOrdinals, static ordinal => new IndexPart(ordinal))],
            Tree = default,
        };
        ParentOrdinals = [];
        Parent = (definition.Parent is { } id ? database.FindTable(id) : null) ?? database.FindTable(definition.ParentName);
        if (Parent is null)
            return;

        ParentOrdinals = new int[ChildOrdinals.Length];
        for (int i = 0; i < ParentOrdinals.Length; i++)
        {
            int ordinal = Parent.OrdinalOf(definition.ParentColumns[i].Id);
            ParentOrdinals[i] = ordinal >= 0 ? ordinal : Parent.OrdinalOf(definition.ParentColumns[i].Name);
        }

        if (AreComparable())
            ParentKey = FindUnique(Parent, ParentOrdinals);
    }

    /// <summary>The key as logged.</summary>
    public ForeignKeyDefinition Definition { get; }

    /// <summary>Its name.</summary>
    public string Name => Definition.Name;

    /// <summary>The table whose rows reference.</summary>
    public TableSchema Child { get; }

    /// <summary>Its columns, in order.</summary>
    public int[] ChildOrdinals { get; }

    /// <summary>The columns as an index that no tree holds: what rows name is their key in it.</summary>
    public IndexSchema ChildColumns { get; }

    /// <summary>The index of the child that begins with the columns; null where a peer dropped it.</summary>
    public IndexSchema? ChildIndex { get; }

    /// <summary>The table that is referenced; null where there is none.</summary>
    public TableSchema? Parent { get; }

    /// <summary>Its columns, in order; -1 for one that is gone. Empty where there is no table.</summary>
    public int[] ParentOrdinals { get; }

    /// <summary>The unique index of the parent over exactly the columns, in order; null where nothing can be referenced.</summary>
    public IndexSchema? ParentKey { get; }

    /// <summary>True where the table references itself.</summary>
    public bool IsToItself => ReferenceEquals(Parent, Child);

    /// <summary>The name of the referenced table as it is now.</summary>
    public string ParentName => Parent?.Name ?? Definition.ParentName;

    /// <summary>The name of a referenced column as it is now.</summary>
    public string ParentColumnName(int index) =>
        Parent is not null && ParentOrdinals[index] >= 0 ? Parent.Columns[ParentOrdinals[index]].Name : Definition.ParentColumns[index].Name;

    /// <summary>The index, the primary key among them, that begins with whole columns in an order; null where there is none.</summary>
    public static IndexSchema? FindIndex(TableSchema table, ReadOnlySpan<int> ordinals)
    {
        if (table.PrimaryKey is { } primary && BeginsWith(primary, ordinals))
            return primary;
        foreach (IndexSchema index in table.Indexes)
        {
            if (BeginsWith(index, ordinals))
                return index;
        }

        return null;
    }

    /// <summary>The unique index, the primary key before others, over exactly these whole columns; null where there is none.</summary>
    public static IndexSchema? FindUnique(TableSchema table, ReadOnlySpan<int> ordinals)
    {
        if (table.PrimaryKey is { } primary && primary.Parts.Length == ordinals.Length && BeginsWith(primary, ordinals))
            return primary;
        foreach (IndexSchema index in table.Indexes)
        {
            if (index.IsUnique && index.Parts.Length == ordinals.Length && BeginsWith(index, ordinals))
                return index;
        }

        return null;
    }

    /// <summary>Appends CONSTRAINT … FOREIGN KEY … as SHOW CREATE TABLE and errors have it.</summary>
    public void AppendTo(StringBuilder text)
    {
        string[] columns = Array.ConvertAll(ChildOrdinals, ordinal => Child.Columns[ordinal].Name);
        string[] parentColumns = new string[columns.Length];
        for (int i = 0; i < parentColumns.Length; i++)
            parentColumns[i] = ParentColumnName(i);
        Append(text, Definition, columns, ParentName, parentColumns);
    }

    /// <summary>The same for a key that is not there yet.</summary>
    public static void Append(
        StringBuilder text, ForeignKeyDefinition key, ReadOnlySpan<string> columns, string parent, ReadOnlySpan<string> parentColumns)
    {
        text.Append("CONSTRAINT ");
        ShowCreateTable.AppendName(text, key.Name);
        text.Append(" FOREIGN KEY");
        AppendNames(text, columns);
        text.Append(" REFERENCES ");
        ShowCreateTable.AppendName(text, parent);
        AppendNames(text, parentColumns);
        if (key.OnDelete != ReferenceRule.NoAction)
            text.Append(" ON DELETE ").Append(TextOf(key.OnDelete));
        if (key.OnUpdate != ReferenceRule.NoAction)
            text.Append(" ON UPDATE ").Append(TextOf(key.OnUpdate));
    }

    /// <summary>A rule's words.</summary>
    public static string TextOf(ReferenceRule rule) => rule switch
    {
        ReferenceRule.Restrict => "RESTRICT",
        ReferenceRule.Cascade => "CASCADE",
        ReferenceRule.SetNull => "SET NULL",
        _ => "NO ACTION",
    };

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static void AppendNames(StringBuilder text, ReadOnlySpan<string> names)
    {
        string separator = " (";
        foreach (string name in names)
        {
            text.Append(separator);
            ShowCreateTable.AppendName(text, name);
            separator = ", ";
        }

        text.Append(')');
    }

    private static bool BeginsWith(IndexSchema index, ReadOnlySpan<int> ordinals)
    {
        if (index.Parts.Length < ordinals.Length)
            return false;
        for (int i = 0; i < ordinals.Length; i++)
        {
            if (index.Parts[i].Ordinal != ordinals[i] || index.Parts[i].PrefixLength != 0)
                return false;
        }

        return true;
    }

    /// <summary>Peers may have altered either side apart: keys of which the encodings differ name nothing.</summary>
    private bool AreComparable()
    {
        for (int i = 0; i < ParentOrdinals.Length; i++)
        {
            if (ParentOrdinals[i] < 0
                || !CatalogIds.HaveSameKeyForm(Child.Columns[ChildOrdinals[i]].Type, Parent!.Columns[ParentOrdinals[i]].Type))
            {
                return false;
            }
        }

        return true;
    }
}
