using P2PDB.Engine.Types;

namespace P2PDB.Engine.Planning;

/// <summary>A view whose query is being bound, and the views that name it, innermost first.</summary>
/// <param name="Schema">The local name of its database.</param>
/// <param name="Name">Its name.</param>
/// <param name="Id">The id of the view, as a number.</param>
/// <param name="Outer">The view whose query names it, or null where the statement does.</param>
internal sealed record ViewExpansion(string Schema, string Name, UInt128 Id, ViewExpansion? Outer)
{
    /// <summary>Views in views at most, as deep as MySQL lets queries be.</summary>
    private const int DepthMax = 61;

    /// <summary>Error 1462 where a view comes to read itself, 1473 where views lie too deep in one another.</summary>
    public void Check()
    {
        int depth = 0;
        for (ViewExpansion? outer = Outer; outer is not null; outer = outer.Outer)
        {
            if (outer.Id == Id)
                throw SqlErrors.ViewRecursive(Schema, Name).ToException();
            if (++depth >= DepthMax)
                throw SqlErrors.TooDeepNesting().ToException();
        }
    }
}
