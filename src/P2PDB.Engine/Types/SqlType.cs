namespace P2PDB.Engine.Types;

/// <summary>
/// A column's or expression's type. <see cref="Length"/> counts characters of text, bytes of binary strings and bits of
/// BIT, and is the display width of integers; <see cref="Precision"/> and <see cref="Scale"/> belong to DECIMAL (and to
/// FLOAT(m,d)); for temporals <see cref="Scale"/> is the number of fraction digits.
/// </summary>
public readonly record struct SqlType
{
    /// <summary>Scale of floats that have none: digits are printed as needed.</summary>
    public const byte ScaleNotFixed = 31;

    private readonly Collation? _collation;

    /// <summary>Takes all parts; the named factories are easier to read.</summary>
    public SqlType(SqlTypeKind kind, long length = 0, byte precision = 0, byte scale = 0, bool isUnsigned = false,
        Collation? collation = null, MemberList? members = null)
    {
        Kind = kind;
        Length = length;
        Precision = precision;
        Scale = scale;
        IsUnsigned = isUnsigned;
        _collation = collation;
        Members = members;
    }

    /// <summary>Which type.</summary>
    public SqlTypeKind Kind { get; }

    /// <summary>Characters of text, bytes of binary strings, bits of BIT, display width of integers.</summary>
    public long Length { get; }

    /// <summary>Digits of a DECIMAL.</summary>
    public byte Precision { get; }

    /// <summary>Digits after the point of a DECIMAL, of a temporal's seconds, or <see cref="ScaleNotFixed"/>.</summary>
    public byte Scale { get; }

    /// <summary>True for UNSIGNED numbers.</summary>
    public bool IsUnsigned { get; }

    /// <summary>The collation of text; <see cref="Collation.Binary"/> for everything else.</summary>
    public Collation Collation => _collation ?? Collation.Binary;

    /// <summary>Members of ENUM and SET.</summary>
    public MemberList? Members { get; }

    /// <summary>The type of NULL.</summary>
    public static SqlType Null => default;

    /// <summary>BIGINT.</summary>
    public static SqlType BigInt => new(SqlTypeKind.BigInt, 20);

    /// <summary>BIGINT UNSIGNED.</summary>
    public static SqlType UnsignedBigInt => new(SqlTypeKind.BigInt, 20, isUnsigned: true);

    /// <summary>INT.</summary>
    public static SqlType Int => new(SqlTypeKind.Int, 11);

    /// <summary>What predicates give: a BIGINT one digit wide.</summary>
    public static SqlType Boolean => new(SqlTypeKind.BigInt, 1);

    /// <summary>DOUBLE.</summary>
    public static SqlType Double => new(SqlTypeKind.Double, 23, scale: ScaleNotFixed);

    /// <summary>FLOAT.</summary>
    public static SqlType Float => new(SqlTypeKind.Float, 12, scale: ScaleNotFixed);

    /// <summary>JSON.</summary>
    public static SqlType Json => new(SqlTypeKind.Json, uint.MaxValue, collation: Collation.Utf8Mb4Bin);

    /// <summary>DATE.</summary>
    public static SqlType Date => new(SqlTypeKind.Date, 10);

    /// <summary>DECIMAL(<paramref name="precision"/>, <paramref name="scale"/>), clamped to MySQL's 65 and 30.</summary>
    public static SqlType Decimal(int precision, int scale, bool isUnsigned = false)
    {
        scale = Math.Clamp(scale, 0, SqlDecimal.ScaleMax);
        precision = Math.Clamp(Math.Max(precision, Math.Max(scale, 1)), 1, SqlDecimal.PrecisionMax);
        int length = precision + (scale > 0 ? 1 : 0) + (isUnsigned ? 0 : 1);
        return new(SqlTypeKind.Decimal, length, (byte)precision, (byte)scale, isUnsigned);
    }

    /// <summary>TIME with fraction digits.</summary>
    public static SqlType Time(int scale = 0) => Temporal(SqlTypeKind.Time, 10, scale);

    /// <summary>DATETIME with fraction digits.</summary>
    public static SqlType DateTime(int scale = 0) => Temporal(SqlTypeKind.DateTime, 19, scale);

    /// <summary>TIMESTAMP with fraction digits.</summary>
    public static SqlType Timestamp(int scale = 0) => Temporal(SqlTypeKind.Timestamp, 19, scale);

    /// <summary>VARCHAR of a number of characters.</summary>
    public static SqlType VarChar(long length, Collation? collation = null) =>
        new(SqlTypeKind.VarChar, length, collation: collation ?? Collation.Default);

    /// <summary>CHAR of a number of characters.</summary>
    public static SqlType Char(long length, Collation? collation = null) =>
        new(SqlTypeKind.Char, length, collation: collation ?? Collation.Default);

    /// <summary>LONGTEXT.</summary>
    public static SqlType LongText(Collation? collation = null) =>
        new(SqlTypeKind.LongText, uint.MaxValue, collation: collation ?? Collation.Default);

    /// <summary>VARBINARY of a number of bytes.</summary>
    public static SqlType VarBinary(long length) => new(SqlTypeKind.VarBinary, length);

    /// <summary>LONGBLOB.</summary>
    public static SqlType LongBlob => new(SqlTypeKind.LongBlob, uint.MaxValue);

    /// <summary>How vectors hold it.</summary>
    public PhysicalKind Physical => Kind switch
    {
        SqlTypeKind.Float or SqlTypeKind.Double => PhysicalKind.Double,
        SqlTypeKind.Decimal => PhysicalKind.Decimal,
        SqlTypeKind.Null or SqlTypeKind.Json or SqlTypeKind.Geometry => PhysicalKind.Bytes,
        >= SqlTypeKind.Char and <= SqlTypeKind.LongBlob => PhysicalKind.Bytes,
        _ => PhysicalKind.Int64,
    };

    /// <summary>True for TINYINT … BIGINT.</summary>
    public bool IsInteger => Kind is >= SqlTypeKind.TinyInt and <= SqlTypeKind.BigInt;

    /// <summary>True for types whose values take part in arithmetic as numbers without a conversion.</summary>
    public bool IsNumeric => Kind is >= SqlTypeKind.TinyInt and <= SqlTypeKind.Year;

    /// <summary>True for DATE, TIME, DATETIME and TIMESTAMP.</summary>
    public bool IsTemporal => Kind is >= SqlTypeKind.Date and <= SqlTypeKind.Timestamp;

    /// <summary>True for DATE, DATETIME and TIMESTAMP.</summary>
    public bool HasDate => Kind is SqlTypeKind.Date or SqlTypeKind.DateTime or SqlTypeKind.Timestamp;

    /// <summary>True for CHAR … LONGBLOB: byte strings, text or binary.</summary>
    public bool IsString => Kind is >= SqlTypeKind.Char and <= SqlTypeKind.LongBlob;

    /// <summary>True for strings with characters, not bytes.</summary>
    public bool IsText => Kind is SqlTypeKind.Char or SqlTypeKind.VarChar
        or (>= SqlTypeKind.TinyText and <= SqlTypeKind.LongText);

    /// <summary>True for BINARY, VARBINARY and the BLOBs.</summary>
    public bool IsBinaryString => IsString && !IsText;

    /// <summary>True for the TEXT and BLOB family.</summary>
    public bool IsLong => Kind is >= SqlTypeKind.TinyText and <= SqlTypeKind.LongBlob;

    /// <summary>The form of a value in a row image.</summary>
    public StorageCode StorageCode => Kind switch
    {
        SqlTypeKind.TinyInt => IsUnsigned ? StorageCode.U8 : StorageCode.I8,
        SqlTypeKind.SmallInt => IsUnsigned ? StorageCode.U16 : StorageCode.I16,
        SqlTypeKind.MediumInt => IsUnsigned ? StorageCode.U24 : StorageCode.I24,
        SqlTypeKind.Int => IsUnsigned ? StorageCode.U32 : StorageCode.I32,
        SqlTypeKind.BigInt => IsUnsigned ? StorageCode.U64 : StorageCode.I64,
        SqlTypeKind.Float => StorageCode.F32,
        SqlTypeKind.Double => StorageCode.F64,
        SqlTypeKind.Decimal => Precision <= 18 ? StorageCode.Dec8
            : Precision <= 38 ? StorageCode.Dec16 : StorageCode.Dec32,
        SqlTypeKind.Bit => StorageCode.Bit8,
        SqlTypeKind.Year => StorageCode.Year2,
        SqlTypeKind.Date => StorageCode.Date4,
        SqlTypeKind.Time => StorageCode.Time8,
        SqlTypeKind.DateTime or SqlTypeKind.Timestamp => StorageCode.DateTime8,
        SqlTypeKind.Enum => StorageCode.U16,
        SqlTypeKind.Set => StorageCode.U64,
        SqlTypeKind.Json => StorageCode.Json,
        _ => StorageCode.Bytes,
    };

    /// <summary>The same type with another collation; for text only.</summary>
    public SqlType WithCollation(Collation collation) =>
        new(Kind, Length, Precision, Scale, IsUnsigned, collation, Members);

    /// <summary>The same type with another length.</summary>
    public SqlType WithLength(long length) => new(Kind, length, Precision, Scale, IsUnsigned, _collation, Members);

    private static SqlType Temporal(SqlTypeKind kind, int length, int scale) =>
        new(kind, length + (scale > 0 ? scale + 1 : 0), scale: (byte)Math.Clamp(scale, 0, 6));
}
