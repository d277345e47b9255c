namespace P2PDB.Engine;

/// <summary>What a client may know about a result column, with the bit values of MySQL's column definition.</summary>
[Flags]
public enum ResultColumnTraits : ushort
{
    /// <summary>Nothing is known.</summary>
    None = 0,

    /// <summary>The column never holds NULL.</summary>
    NotNull = 1,

    /// <summary>Part of the primary key.</summary>
    PrimaryKey = 1 << 1,

    /// <summary>A unique key by itself.</summary>
    UniqueKey = 1 << 2,

    /// <summary>First column of a key that is not unique by itself.</summary>
    MultipleKey = 1 << 3,

    /// <summary>A BLOB or TEXT column.</summary>
    Blob = 1 << 4,

    /// <summary>Numbers are padded with zeros.</summary>
    ZeroFill = 1 << 6,

    /// <summary>Binary collation.</summary>
    Binary = 1 << 7,

    /// <summary>An ENUM column.</summary>
    Enum = 1 << 8,

    /// <summary>Values come from AUTO_INCREMENT.</summary>
    AutoIncrement = 1 << 9,

    /// <summary>A TIMESTAMP column.</summary>
    Timestamp = 1 << 10,

    /// <summary>A SET column.</summary>
    Set = 1 << 11,

    /// <summary>NOT NULL without a default.</summary>
    NoDefaultValue = 1 << 12,

    /// <summary>ON UPDATE CURRENT_TIMESTAMP.</summary>
    OnUpdateNow = 1 << 13,

    /// <summary>A number.</summary>
    Number = 1 << 15,
}
