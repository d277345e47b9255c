using P2PDB.Engine.Log;

namespace P2PDB.Engine.Apply;

/// <summary>A row that claims keys of unique indexes.</summary>
internal sealed class Claimant(byte[] primaryKey, Stamp rank, bool isDead, List<SharedKey> claims, bool wasHidden)
{
    /// <summary>The row.</summary>
    public byte[] PrimaryKey { get; } = primaryKey;

    /// <summary>Since when it has had its claims.</summary>
    public Stamp Rank { get; } = rank;

    /// <summary>True for a row that was deleted and that a foreign key shows: it comes after all that live.</summary>
    public bool IsDead { get; } = isDead;

    /// <summary>The keys it claims.</summary>
    public List<SharedKey> Claims { get; } = claims;

    /// <summary>True where the stored record is flagged hidden.</summary>
    public bool WasHidden { get; } = wasHidden;

    /// <summary>True where it is to be hidden.</summary>
    public bool IsHidden { get; set; }
}
