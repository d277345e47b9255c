using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Direct;

/// <summary>Errors of access to tables without SQL text alone.</summary>
internal static class DirectErrors
{
    /// <summary>Error 1317: the session was killed, or its database was closed.</summary>
    public static readonly SqlError Killed = SqlErrors.QueryInterrupted();

    /// <summary>Error 1412: the columns, or the primary key, are not what they were when the table was opened, or when the transaction wrote to it.</summary>
    public static readonly SqlError TableChanged =
        new(1412, "HY000", "Table definition has changed, please retry transaction");

    /// <summary>Error 1173: what was asked for goes by the primary key, which the table lacks.</summary>
    public static readonly SqlError NoPrimaryKey = new(1173, "42000", "This table type requires a primary key");

    /// <summary>Error 1210: a value, or a way to read one, that does not go with a column's type.</summary>
    public static SqlError WrongType(string function, string column, SqlType type) =>
        Wrong(function, $"column '{column}' is {NameOf(type)}");

    /// <summary>Error 1210: NULL was read as a value.</summary>
    public static SqlError IsNull(string function, string column) => Wrong(function, $"column '{column}' is NULL");

    /// <summary>Error 1210: no value of the column equals this one, and it has no place between them either.</summary>
    public static SqlError NoPlace(string function, string column) =>
        Wrong(function, $"the value has no exact place among those of column '{column}'");

    /// <summary>Error 1210: a key with more or fewer values than the primary key has columns.</summary>
    public static SqlError WrongKeyCount(int given, int wanted) =>
        Wrong("TableKey", $"{given} values for the {wanted} columns of the primary key");

    /// <summary>Error 1210: a column of the primary key was not given.</summary>
    public static SqlError KeyNotGiven(string column) => Wrong("Put", $"no value for column '{column}' of the primary key");

    private static SqlError Wrong(string function, string why) => SqlErrors.WrongArguments($"{function}: {why}");

    private static string NameOf(SqlType type) =>
        (type.IsUnsigned ? "unsigned " : "") + type.Kind.ToString().ToUpperInvariant();
}
