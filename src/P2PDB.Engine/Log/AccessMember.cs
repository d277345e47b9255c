using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Log;

/// <summary>An author that may write.</summary>
/// <param name="Author">The author.</param>
/// <param name="NodeKey">The key of its node.</param>
/// <param name="Classes">Its generated keys; the authors of one node share them.</param>
/// <param name="Grounds">Why it may.</param>
internal sealed record AccessMember(AuthorKey Author, PublicKey NodeKey, ResidueClasses Classes, AccessGrounds Grounds);
