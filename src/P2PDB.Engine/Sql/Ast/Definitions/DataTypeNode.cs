namespace P2PDB.Engine.Sql.Ast.Definitions;

/// <summary>A type as written. Lengths are null where none was given; ranges are for the binder to check.</summary>
/// <param name="Kind">The type.</param>
/// <param name="Length">Display width, precision, length in characters or bytes, or fraction digits of a temporal type.</param>
/// <param name="Scale">Digits behind the point of Decimal, Float and Double.</param>
internal sealed record DataTypeNode(DataTypeKind Kind, ulong? Length = null, int? Scale = null)
{
    /// <summary>UNSIGNED (ZEROFILL implies it).</summary>
    public bool IsUnsigned { get; init; }

    /// <summary>ZEROFILL.</summary>
    public bool IsZeroFill { get; init; }

    /// <summary>NATIONAL CHAR and NCHAR: utf8mb3.</summary>
    public bool IsNational { get; init; }

    /// <summary>The BINARY attribute: the character set's _bin collation.</summary>
    public bool HasBinaryAttribute { get; init; }

    /// <summary>CHARACTER SET (ASCII is latin1, UNICODE is ucs2), or null.</summary>
    public string? CharacterSet { get; init; }

    /// <summary>COLLATE, or null.</summary>
    public string? Collation { get; init; }

    /// <summary>The members of ENUM and SET, else empty.</summary>
    public byte[][] Members { get; init; } = [];

    /// <summary>SRID of a spatial type, or null.</summary>
    public uint? SpatialReference { get; init; }
}
