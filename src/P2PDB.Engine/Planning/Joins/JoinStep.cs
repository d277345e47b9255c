namespace P2PDB.Engine.Planning.Joins;

/// <summary>One part of a join in its place in the order.</summary>
/// <param name="Item">The part.</param>
/// <param name="Method">How it joins what stands before it; without meaning for the first.</param>
/// <param name="Choice">The path to its rows, where it is a table.</param>
/// <param name="Rows">Rows expected after it.</param>
internal sealed record JoinStep(FromItem Item, JoinMethod Method, AccessChoice Choice, double Rows);
