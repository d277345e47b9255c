using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Direct;

/// <summary>By which accessors a column's values are read, and which values its keys take.</summary>
internal enum ColumnAccess : byte
{
    /// <summary>Signed integers.</summary>
    Signed,

    /// <summary>Unsigned integers, BIT and YEAR.</summary>
    Unsigned,

    /// <summary>FLOAT and DOUBLE.</summary>
    Double,

    /// <summary>DECIMAL.</summary>
    Decimal,

    /// <summary>Strings of characters, and JSON.</summary>
    Text,

    /// <summary>Strings of bytes.</summary>
    Binary,

    /// <summary>DATE and DATETIME.</summary>
    DateTime,

    /// <summary>TIMESTAMP.</summary>
    Timestamp,

    /// <summary>TIME.</summary>
    Time,

    /// <summary>ENUM and SET: a number with a text.</summary>
    Members,
}

/// <summary>Finds the access of types.</summary>
internal static class ColumnAccesses
{
    /// <summary>The access of a type.</summary>
    public static ColumnAccess Of(SqlType type) => type.Kind switch
    {
        SqlTypeKind.Bit or SqlTypeKind.Year => ColumnAccess.Unsigned,
        SqlTypeKind.Float or SqlTypeKind.Double => ColumnAccess.Double,
        SqlTypeKind.Decimal => ColumnAccess.Decimal,
        SqlTypeKind.Date or SqlTypeKind.DateTime => ColumnAccess.DateTime,
        SqlTypeKind.Timestamp => ColumnAccess.Timestamp,
        SqlTypeKind.Time => ColumnAccess.Time,
        SqlTypeKind.Enum or SqlTypeKind.Set => ColumnAccess.Members,
        SqlTypeKind.Json => ColumnAccess.Text,
        _ when type.IsInteger => type.IsUnsigned ? ColumnAccess.Unsigned : ColumnAccess.Signed,
        _ when type.IsText => ColumnAccess.Text,
        _ => ColumnAccess.Binary,
    };
}
