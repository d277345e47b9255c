namespace P2PDB.Host;

/// <summary>What the process returns to its shell.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The work was tried and failed, or what was checked is damaged.</summary>
    public const int Failed = 1;

    /// <summary>The command line or a setting cannot be used.</summary>
    public const int BadUsage = 2;

    /// <summary>The test peer cannot start, for example cannot listen.</summary>
    public const int CannotStart = 3;
}
