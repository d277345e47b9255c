namespace P2PDB.Engine.Types;

/// <summary>How a value lies in a row image; part of the entry format, so numbers never change. See docs/formats/row-image.md.</summary>
public enum StorageCode : byte
{
    /// <summary>No value; never valid in an entry.</summary>
    None = 0,

    /// <summary>Signed, 1 byte.</summary>
    I8 = 1,

    /// <summary>Unsigned, 1 byte.</summary>
    U8 = 2,

    /// <summary>Signed, 2 bytes.</summary>
    I16 = 3,

    /// <summary>Unsigned, 2 bytes.</summary>
    U16 = 4,

    /// <summary>Signed, 3 bytes.</summary>
    I24 = 5,

    /// <summary>Unsigned, 3 bytes.</summary>
    U24 = 6,

    /// <summary>Signed, 4 bytes.</summary>
    I32 = 7,

    /// <summary>Unsigned, 4 bytes.</summary>
    U32 = 8,

    /// <summary>Signed, 8 bytes.</summary>
    I64 = 9,

    /// <summary>Unsigned, 8 bytes.</summary>
    U64 = 10,

    /// <summary>IEEE 754 binary32.</summary>
    F32 = 11,

    /// <summary>IEEE 754 binary64.</summary>
    F64 = 12,

    /// <summary>Decimal of at most 18 digits as a scaled two's complement integer of 8 bytes.</summary>
    Dec8 = 13,

    /// <summary>Decimal of at most 38 digits, 16 bytes.</summary>
    Dec16 = 14,

    /// <summary>Decimal of at most 65 digits, 32 bytes.</summary>
    Dec32 = 15,

    /// <summary>Date: <see cref="TemporalValue"/> without its time, 4 bytes.</summary>
    Date4 = 16,

    /// <summary>Time: signed microseconds, 8 bytes.</summary>
    Time8 = 17,

    /// <summary>DATETIME as <see cref="TemporalValue"/>, or TIMESTAMP as microseconds since 1970 UTC; 8 bytes.</summary>
    DateTime8 = 18,

    /// <summary>A byte string of variable length.</summary>
    Bytes = 19,

    /// <summary>Normalised JSON text of variable length.</summary>
    Json = 20,

    /// <summary>BIT, 8 bytes unsigned.</summary>
    Bit8 = 21,

    /// <summary>YEAR, 2 bytes unsigned.</summary>
    Year2 = 22,
}
