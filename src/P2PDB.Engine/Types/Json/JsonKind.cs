namespace P2PDB.Engine.Types.Json;

/// <summary>The kinds of JSON values, in MySQL's order of comparison from low to high.</summary>
internal enum JsonKind : byte
{
    Null,
    Integer,
    Unsigned,
    Number,
    Decimal,
    Text,
    Container,
    List,
    Boolean,
}
