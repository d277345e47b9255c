namespace P2PDB.Fuzz;

/// <summary>All targets of this assembly, by name.</summary>
internal static class FuzzTargets
{
    public static SortedDictionary<string, IFuzzTarget> All { get; } = Find();

    private static SortedDictionary<string, IFuzzTarget> Find()
    {
        var targets = new SortedDictionary<string, IFuzzTarget>(StringComparer.Ordinal);
        foreach (Type type in typeof(IFuzzTarget).Assembly.GetTypes())
        {
            if (type.IsClass && !type.IsAbstract && type.IsAssignableTo(typeof(IFuzzTarget)))
            {
                var target = (IFuzzTarget)Activator.CreateInstance(type, nonPublic: true)!;
                targets.Add(target.Name, target);
            }
        }

        return targets;
    }
}
