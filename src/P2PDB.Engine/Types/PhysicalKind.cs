namespace P2PDB.Engine.Types;

/// <summary>How a <see cref="ColumnVector"/> holds its values.</summary>
public enum PhysicalKind : byte
{
    /// <summary>64-bit integers: all integer types, temporals, BIT, YEAR, ENUM and SET.</summary>
    Int64,

    /// <summary>Doubles: FLOAT and DOUBLE.</summary>
    Double,

    /// <summary><see cref="SqlDecimal"/> values.</summary>
    Decimal,

    /// <summary>Byte strings: text, binary, JSON, geometry, and NULL of no type.</summary>
    Bytes,
}
