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
}
