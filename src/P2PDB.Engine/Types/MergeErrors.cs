using System.Text;

namespace P2PDB.Engine.Types;

/// <summary>MySQL's errors about ENGINE_ATTRIBUTE, where merge policies are declared, as <see cref="SqlErrors"/> has the others.</summary>
internal static class MergeErrors
{
    /// <summary>Error 3980: an attribute that is no JSON text or says what cannot be; <paramref name="position"/> counts bytes.</summary>
    public static SqlError InvalidAttribute(string reason, int position, string attribute)
    {
        string rest = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(attribute).AsSpan(position));
        return new SqlError(3980, "HY000", $"Invalid json attribute, error: \"{reason}\" at pos {position}: '{rest}'");
    }

    /// <summary>Error 1290: a row that was appended, or a table of such rows.</summary>
    public static SqlError RowsStay() => SqlErrors.OptionPreventsStatement("merge=append");

    /// <summary>Note 1105: a value that a column's merge policy does not let take the place of the one it has.</summary>
    public static SqlError WithoutEffect(string column) =>
        SqlErrors.UnknownError($"Column '{column}' keeps the value it has, by its merge policy");

    /// <summary>Error 1264: a counter that only grows was to be less, or nothing.</summary>
    public static SqlError CounterOnlyGrows(string column) =>
        OutOfRange(column, "a counter with \"grow\" takes no less");

    /// <summary>Error 1264: a counter with rights was to begin below 0.</summary>
    public static SqlError CounterBelowZero(string column) => OutOfRange(column, "a counter with \"grow\" or \"min\" does not begin below 0");

    /// <summary>Error 1264: a counter with rights was to be NULL, which would take back what others count.</summary>
    public static SqlError CounterNotNull(string column) => OutOfRange(column, "a counter with \"grow\" or \"min\" does not become NULL");

    /// <summary>Error 1264: more was to be taken from a counter than this node has the rights to.</summary>
    public static SqlError CounterRightsMissing(string column, string held) => OutOfRange(
        column, $"this node has the rights to take {held}; who holds others is in p2pdb.rights and can pass them on by CALL p2pdb.pass_rights");

    /// <summary>Error 1366: a JSON column that merges as a set was to hold what has no members.</summary>
    public static SqlError NotASet(string column) =>
        new(1366, "HY000", $"Incorrect JSON value for column '{column}': one with merge policy 'set' holds arrays");

    /// <summary>Error 1032: a procedure names a row that is not there.</summary>
    public static SqlError RowNotFound(string table) => new(1032, "HY000", $"Can't find record in '{table}'");

    /// <summary>Error 3981: an attribute of something that has none.</summary>
    public static SqlError AttributeUnsupported() => new(3981, "HY000", "Storage engine 'InnoDB' does not support ENGINE_ATTRIBUTE.");

    private static SqlError OutOfRange(string column, string why) => new(1264, "22003", $"Out of range value for column '{column}': {why}");
}
