namespace P2PDB.Engine.Types;

/// <summary>The column types of MySQL, and the type of a bare NULL.</summary>
public enum SqlTypeKind : byte
{
    /// <summary>The type of the literal NULL.</summary>
    Null,

    /// <summary>TINYINT, one byte; BOOL is TINYINT(1).</summary>
    TinyInt,

    /// <summary>SMALLINT, two bytes.</summary>
    SmallInt,

    /// <summary>MEDIUMINT, three bytes.</summary>
    MediumInt,

    /// <summary>INT, four bytes.</summary>
    Int,

    /// <summary>BIGINT, eight bytes; integer expressions have this type.</summary>
    BigInt,

    /// <summary>FLOAT, a 32-bit float, carried as a double that a float can hold.</summary>
    Float,

    /// <summary>DOUBLE, a 64-bit float.</summary>
    Double,

    /// <summary>DECIMAL, exact.</summary>
    Decimal,

    /// <summary>BIT(1..64), carried as an unsigned integer.</summary>
    Bit,

    /// <summary>YEAR, 0 or 1901..2155.</summary>
    Year,

    /// <summary>DATE, packed by <see cref="TemporalValue"/>.</summary>
    Date,

    /// <summary>TIME, signed microseconds.</summary>
    Time,

    /// <summary>DATETIME, packed by <see cref="TemporalValue"/>.</summary>
    DateTime,

    /// <summary>TIMESTAMP, microseconds since 1970-01-01 00:00:00 UTC; zero is the zero date.</summary>
    Timestamp,

    /// <summary>CHAR.</summary>
    Char,

    /// <summary>VARCHAR; text expressions have this type.</summary>
    VarChar,

    /// <summary>BINARY.</summary>
    Binary,

    /// <summary>VARBINARY; binary expressions have this type.</summary>
    VarBinary,

    /// <summary>TINYTEXT.</summary>
    TinyText,

    /// <summary>TEXT.</summary>
    Text,

    /// <summary>MEDIUMTEXT.</summary>
    MediumText,

    /// <summary>LONGTEXT.</summary>
    LongText,

    /// <summary>TINYBLOB.</summary>
    TinyBlob,

    /// <summary>BLOB.</summary>
    Blob,

    /// <summary>MEDIUMBLOB.</summary>
    MediumBlob,

    /// <summary>LONGBLOB.</summary>
    LongBlob,

    /// <summary>ENUM, carried as the 1-based member number; 0 is the error value ''.</summary>
    Enum,

    /// <summary>SET, carried as a bit per member.</summary>
    Set,

    /// <summary>JSON, carried as its normalised text.</summary>
    Json,

    /// <summary>GEOMETRY, carried as bytes.</summary>
    Geometry,
}
