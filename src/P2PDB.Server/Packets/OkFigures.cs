using P2PDB.Engine;

namespace P2PDB.Server.Packets;

/// <summary>What an OK packet reports.</summary>
internal readonly record struct OkFigures
{
    public ulong AffectedRows { get; init; }

    public ulong LastInsertId { get; init; }

    public ushort Warnings { get; init; }

    public ushort Status { get; init; }

    /// <summary>Text for people, or none.</summary>
    public StatementMessage Message { get; init; }

    /// <summary>The schema that the statement made current, for clients that track it, or null.</summary>
    public string? ChangedSchema { get; init; }
}
