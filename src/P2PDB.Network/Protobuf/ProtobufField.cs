namespace P2PDB.Network.Protobuf;

/// <summary>Number and wire type of one field, as its key varint holds them.</summary>
internal readonly record struct ProtobufField(int Number, WireType WireType)
{
    /// <summary>True for the length-delimited field of that number.</summary>
    public bool IsBytes(int number) => Number == number && WireType == WireType.Bytes;

    /// <summary>True for the varint field of that number.</summary>
    public bool IsVarint(int number) => Number == number && WireType == WireType.Varint;
}

/// <summary>Protobuf's wire types.</summary>
internal enum WireType : byte
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
