namespace P2PDB.Engine.Planning;

/// <summary>What names mean in the query of a merged view, for queries inside it that are planned later.</summary>
/// <param name="Context">The view's context.</param>
/// <param name="Relations">The relations of its FROM clause.</param>
internal sealed record ViewScope(BindingContext Context, List<Relation> Relations);
