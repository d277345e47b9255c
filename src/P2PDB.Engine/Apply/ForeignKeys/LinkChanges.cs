namespace P2PDB.Engine.Apply.ForeignKeys;

/// <summary>What a write changed that foreign keys have to look at before it is published.</summary>
internal sealed class LinkChanges
{
    /// <summary>Rows and keys from which on they are settled at once: a long transaction is not to be kept twice.</summary>
    private const int CountMax = 65_536;

    /// <summary>Tables of which any row may have changed.</summary>
    public HashSet<AppliedTable> Tables { get; } = [];

    /// <summary>Rows that may be overruled now, or no longer, by table and primary key.</summary>
    public HashSet<OwnedKey<AppliedTable>> Rows { get; } = [];

    /// <summary>Keys that a row of the parent may have now, or no longer.</summary>
    public HashSet<OwnedKey<Link>> Keys { get; } = [];

    /// <summary>True where there is something to look at.</summary>
    public bool IsAny => Rows.Count + Keys.Count + Tables.Count > 0;

    /// <summary>True where it takes too much room to go on.</summary>
    public bool IsFull => Rows.Count + Keys.Count >= CountMax;

    /// <summary>Adds a row, there or not.</summary>
    public void AddRow(AppliedTable table, ReadOnlySpan<byte> primaryKey) =>
        Rows.Add(new OwnedKey<AppliedTable>(table, primaryKey.ToArray()));

    /// <summary>Adds a key of the parent.</summary>
    public void AddKey(Link link, ReadOnlySpan<byte> key) => Keys.Add(new OwnedKey<Link>(link, key.ToArray()));

    /// <summary>Adds all rows of a table, and of those that it references or that reference it.</summary>
    public void AddTable(AppliedTable table)
    {
        Tables.Add(table);
        foreach (Link link in table.Links?.ToParents ?? [])
            Tables.Add(link.Parent);
        foreach (Link link in table.Links?.ToChildren ?? [])
            Tables.Add(link.Child);
    }

    /// <summary>Lets keys of a link be those of the one that is in its place now.</summary>
    public void Rename(Link before, Link after)
    {
        OwnedKey<Link>[] all = [.. Keys];
        foreach (OwnedKey<Link> key in all)
        {
            if (key.Owner != before)
                continue;
            Keys.Remove(key);
            Keys.Add(new OwnedKey<Link>(after, key.Key));
        }
    }

    /// <summary>Gives room by remembering the tables instead of their rows.</summary>
    public void Coarsen()
    {
        foreach (OwnedKey<AppliedTable> row in Rows)
            Tables.Add(row.Owner);
        foreach (OwnedKey<Link> key in Keys)
            Tables.Add(key.Owner.Child);
        Rows.Clear();
        Keys.Clear();
    }
}
