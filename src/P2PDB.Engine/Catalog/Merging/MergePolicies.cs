namespace P2PDB.Engine.Catalog.Merging;

/// <summary>The families of policies.</summary>
internal static class MergePolicies
{
    /// <summary>The newest version of marks (docs/formats/entry.md): every version has the policies of those before it.</summary>
    public const int MarksVersionMax = 5;

    /// <summary>True where what shows is a sum.</summary>
    public static bool IsCounter(this MergePolicy policy) => policy == MergePolicy.Counter || policy.HasRights();

    /// <summary>True where authors write what they did to a sum in all, and take from it only what they may.</summary>
    public static bool HasRights(this MergePolicy policy) => policy is MergePolicy.GrowingCounter or MergePolicy.BoundedCounter;

    /// <summary>True where a value names what its writer had seen of other authors.</summary>
    public static bool HasSeen(this MergePolicy policy) => policy is MergePolicy.Counter or MergePolicy.MultiValue or MergePolicy.Set;

    /// <summary>The first version of marks that names a policy of a lane; 0 where none does.</summary>
    public static int MarksVersion(this MergePolicy policy) => policy switch
    {
        <= MergePolicy.Counter => 1,
        MergePolicy.GrowingCounter or MergePolicy.BoundedCounter => 2,
        MergePolicy.MultiValue => 3,
        MergePolicy.Set => 4,
        MergePolicy.Text => 5,
        _ => 0,
    };
}
