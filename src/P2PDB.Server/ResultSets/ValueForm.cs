namespace P2PDB.Server.ResultSets;

/// <summary>How the values of a column are written, chosen once per result set.</summary>
internal enum ValueForm : byte
{
    Signed,
    Unsigned,
    Year,
    Bit,
    Date,
    Time,
    DateTime,
    Timestamp,
    Member,
    MemberSet,
    Single,
    Double,
    Decimal,
    Bytes,
    Null,
}
