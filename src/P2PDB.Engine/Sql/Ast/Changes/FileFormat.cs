namespace P2PDB.Engine.Sql.Ast.Changes;

/// <summary>FIELDS and LINES of LOAD DATA and INTO OUTFILE; null means MySQL's default.</summary>
internal sealed record FileFormat
{
    /// <summary>FIELDS TERMINATED BY.</summary>
    public byte[]? FieldTerminator { get; init; }

    /// <summary>FIELDS [OPTIONALLY] ENCLOSED BY.</summary>
    public byte[]? FieldEnclosure { get; init; }

    /// <summary>OPTIONALLY before ENCLOSED.</summary>
    public bool IsEnclosureOptional { get; init; }

    /// <summary>FIELDS ESCAPED BY.</summary>
    public byte[]? FieldEscape { get; init; }

    /// <summary>LINES STARTING BY.</summary>
    public byte[]? LineStart { get; init; }

    /// <summary>LINES TERMINATED BY.</summary>
    public byte[]? LineTerminator { get; init; }
}
