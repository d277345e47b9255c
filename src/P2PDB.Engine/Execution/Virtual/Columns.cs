using P2PDB.Engine.Planning;
using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Virtual;

/// <summary>Columns of made-up tables.</summary>
internal static class Columns
{
    private static readonly Collation GeneralCi = Collation.Utf8Mb4GeneralCi;

    /// <summary>A text that may be NULL.</summary>
    public static RelationColumn Text(string name, int length = 192) => new(name, SqlType.VarChar(length, GeneralCi));

    /// <summary>A long text.</summary>
    public static RelationColumn LongText(string name) => new(name, SqlType.LongText(GeneralCi));

    /// <summary>A number.</summary>
    public static RelationColumn Integer(string name) => new(name, SqlType.BigInt);

    /// <summary>A number that is not negative.</summary>
    public static RelationColumn Unsigned(string name) => new(name, SqlType.UnsignedBigInt);

    /// <summary>A time.</summary>
    public static RelationColumn DateTime(string name) => new(name, SqlType.DateTime());
}
