namespace P2PDB.Engine.Expressions;

/// <summary>The families of functions; each registers its own.</summary>
internal static class FunctionFamilies
{
    public static void RegisterAll(Action<string, FunctionDefinition> add)
    {
    }
}
