namespace P2PDB.Fuzz;

/// <summary>What the command line says about a run.</summary>
internal sealed record FuzzOptions
{
    /// <summary>How long each target runs.</summary>
    public required int Seconds { get; init; }

    /// <summary>Repeats a run.</summary>
    public required int Seed { get; init; }

    /// <summary>A folder with a folder of inputs for each target: read at the start, and what reaches something new is added.</summary>
    public string? Corpus { get; init; }

    /// <summary>Where inputs that failed are written.</summary>
    public required string Findings { get; init; }

    /// <summary>A file that gets a line for each target that has run.</summary>
    public string? Log { get; init; }

    /// <summary>The one input to feed instead of running.</summary>
    public string? Replay { get; init; }
}
