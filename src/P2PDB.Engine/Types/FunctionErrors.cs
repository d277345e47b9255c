namespace P2PDB.Engine.Types;

/// <summary>MySQL's errors of single functions, as <see cref="SqlErrors"/> has the others.</summary>
internal static class FunctionErrors
{
    /// <summary>Error 1882: an initialization vector that is too short for <paramref name="function"/>.</summary>
    public static SqlError InitializationVectorTooShort(string function) =>
        new(1882, "HY000", $"The initialization vector supplied to {function} is too short. Must be at least 16 bytes long");

    /// <summary>Warning 1618: an argument that the block mode has no use for.</summary>
    public static SqlError OptionIgnored(string option) => new(1618, "HY000", $"<{option}> option ignored");

    /// <summary>Error 3966: a JSON path that finds nothing.</summary>
    public static SqlError JsonValueMissing(string function) =>
        new(3966, "22035", $"No value was found by '{function}' on the specified path.");

    /// <summary>Error 3967: a JSON path that finds more than one value.</summary>
    public static SqlError JsonValuesMany(string function) =>
        new(3967, "22034", $"More than one value was found by '{function}' on the specified path.");

    /// <summary>Error 3156: a JSON value that is none of the type asked for.</summary>
    public static SqlError JsonValueInvalid(string type) =>
        new(3156, "22018", $"Invalid JSON value for CAST to {type} from column json_value at row 1");

    /// <summary>Error 3665: a column of JSON_TABLE whose path finds nothing.</summary>
    public static SqlError JsonTableValueMissing(string column) => new(3665, "22035", $"Missing value for JSON_TABLE column '{column}'");

    /// <summary>Error 3666: an array or object for a column of JSON_TABLE that is no JSON.</summary>
    public static SqlError JsonTableValueNotScalar(string column) =>
        new(3666, "2203F", $"Can't store an array or an object in the scalar JSON_TABLE column '{column}'");

    /// <summary>Error 3667: a value that a column of JSON_TABLE does not take.</summary>
    public static SqlError JsonTableValueInvalid(string column) =>
        new(3667, "22003", $"Value is out of range for JSON_TABLE's column '{column}'");

    /// <summary>Error 3668: too many paths nested in each other.</summary>
    public static SqlError JsonTableTooDeep(int depth) =>
        new(3668, "42000", $"More than supported {depth} NESTED PATHs were found in JSON_TABLE");
}
