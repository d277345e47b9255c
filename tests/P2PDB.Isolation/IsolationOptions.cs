using P2PDB.Isolation.History;

namespace P2PDB.Isolation;

/// <summary>What the command line says about a run.</summary>
internal sealed record IsolationOptions
{
    /// <summary>How long histories are made.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Chooses the statements of the first history; each further one has the next.</summary>
    public required int Seed { get; init; }

    /// <summary>The level to check; null for each in turn and for all together.</summary>
    public IsolationLevel? Level { get; init; }

    /// <summary>A MariaDB to check in place of P2PDB.</summary>
    public string? Control { get; init; }

    /// <summary>The name of a bug to plant in P2PDB.</summary>
    public string? Fault { get; init; }

    /// <summary>True for rows in pages in place of memory.</summary>
    public bool HasPages { get; init; }

    /// <summary>Where a history goes that breaks a rule.</summary>
    public required string Findings { get; init; }
}
