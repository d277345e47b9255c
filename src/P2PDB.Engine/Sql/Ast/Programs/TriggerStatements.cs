namespace P2PDB.Engine.Sql.Ast.Programs;

/// <summary>CREATE TRIGGER.</summary>
internal sealed record CreateTriggerStatement(ObjectName Name, bool IsBefore, TriggerEvent Event, ObjectName Table, Statement Body) : Statement
{
    /// <summary>The body's text as written.</summary>
    public required string BodyText { get; init; }

    /// <summary>DEFINER, or null.</summary>
    public AccountName? Definer { get; init; }

    /// <summary>IF NOT EXISTS.</summary>
    public bool IfNotExists { get; init; }

    /// <summary>The trigger named by FOLLOWS or PRECEDES, or null.</summary>
    public string? Neighbour { get; init; }

    /// <summary>FOLLOWS (true) or PRECEDES.</summary>
    public bool IsFollowing { get; init; }
}

/// <summary>What fires a trigger.</summary>
internal enum TriggerEvent : byte { Insert, Update, Delete }

/// <summary>DROP TRIGGER.</summary>
internal sealed record DropTriggerStatement(ObjectName Name, bool IfExists) : Statement;
