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

    /// <summary>Error 3981: an attribute of something that has none.</summary>
    public static SqlError AttributeUnsupported() => new(3981, "HY000", "Storage engine 'InnoDB' does not support ENGINE_ATTRIBUTE.");
}
