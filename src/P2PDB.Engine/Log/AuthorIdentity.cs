using P2PDB.Primitives.Keys;

namespace P2PDB.Engine.Log;

/// <summary>The key this node writes one database with, for one life of its data directory.</summary>
/// <param name="Key">The key pair.</param>
/// <param name="Previous">The author key it continues, zero for the first.</param>
internal sealed record AuthorIdentity(SigningKey Key, AuthorKey Previous)
{
    /// <summary>The public half.</summary>
    public AuthorKey Author => new(Key.PublicKey);
}
