namespace P2PDB.Engine.Types;

/// <summary>One MySQL error, warning or note: number, SQLSTATE and text.</summary>
public sealed record SqlError(int Code, string SqlState, string Message)
{
    /// <summary>How grave it is; conditions that end a statement are errors.</summary>
    public SqlErrorLevel Level { get; init; } = SqlErrorLevel.Error;

    /// <summary>The same condition as a warning.</summary>
    public SqlError AsWarning() => this with { Level = SqlErrorLevel.Warning };

    /// <summary>The same condition as a note.</summary>
    public SqlError AsNote() => this with { Level = SqlErrorLevel.Note };

    /// <summary>The exception that ends the statement.</summary>
    public SqlException ToException() => new(this);
}
