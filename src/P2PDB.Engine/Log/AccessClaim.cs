namespace P2PDB.Engine.Log;

/// <summary>A claim of an open or taken invite.</summary>
/// <param name="Entry">The claim's entry.</param>
/// <param name="Author">Who claims.</param>
/// <param name="IsOpen">True while no claim of the invite is admitted.</param>
internal readonly record struct AccessClaim(EntryId Entry, AuthorKey Author, bool IsOpen);
