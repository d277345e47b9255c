namespace P2PDB.Engine.Catalog.Folding;

/// <summary>The register of one name of a table, of an index or a constraint: its definition, or null where it was dropped.</summary>
internal sealed class NamedState<TDefinition>
    where TDefinition : class
{
    /// <summary>The definition; null is dropped.</summary>
    public Register<TDefinition?> Definition;

    /// <summary>Earliest operation that created it: the order in SHOW, and of equal claims to a name.</summary>
    public DefinitionStamp Created;

    /// <summary>Takes a definition, or the end of it, into the register of a name.</summary>
    public static void Set(
        SortedDictionary<string, NamedState<TDefinition>> names, in DefinitionStamp stamp, string name, TDefinition? definition)
    {
        string lower = CatalogIds.Lower(name);
        if (!names.TryGetValue(lower, out NamedState<TDefinition>? state))
            names.Add(lower, state = new NamedState<TDefinition>());
        if (definition is not null && (state.Created.IsNone || stamp < state.Created))
            state.Created = stamp;
        state.Definition.Set(stamp, false, definition);
    }

    /// <summary>What is defined, as created.</summary>
    public static List<KeyValuePair<string, NamedState<TDefinition>>> InOrder(SortedDictionary<string, NamedState<TDefinition>> names)
    {
        List<KeyValuePair<string, NamedState<TDefinition>>> live = [];
        foreach (KeyValuePair<string, NamedState<TDefinition>> named in names)
        {
            if (named.Value.Definition.Value is not null)
                live.Add(named);
        }

        live.Sort(static (left, right) =>
        {
            int order = left.Value.Created.CompareTo(right.Value.Created);
            return order != 0 ? order : string.CompareOrdinal(left.Key, right.Key);
        });
        return live;
    }
}
