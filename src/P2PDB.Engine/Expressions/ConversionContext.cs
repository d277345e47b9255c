using P2PDB.Engine.Types;

namespace P2PDB.Engine.Expressions;

/// <summary>What the conversion of one value into another type depends on, and where it reports what did not fit.</summary>
internal class ConversionContext
{
    /// <summary>Start of the statement, microseconds since 1970 UTC: what NOW() gives, and the day of a TIME.</summary>
    public long StatementTimeMicroseconds { get; set; }

    /// <summary>The session's time zone.</summary>
    public SessionTimeZone TimeZone { get; set; } = SessionTimeZone.Utc;

    /// <summary>The session's sql_mode.</summary>
    public SqlMode Mode { get; set; } = SqlMode.Default;

    /// <summary>
    /// True while values are computed to be stored: division by zero and bad temporal arguments are then errors in
    /// strict mode. Set by INSERT, UPDATE and DELETE, not with IGNORE.
    /// </summary>
    public bool IsStrictWrite { get; set; }

    /// <summary>1-based number of the row being written, for the texts of conversion errors.</summary>
    public long RowNumber { get; set; } = 1;

    /// <summary>The conditions that the statement has met.</summary>
    public DiagnosticsArea Diagnostics { get; } = new();

    /// <summary>Adds a warning.</summary>
    public void Warn(SqlError error) => Diagnostics.Add(error.AsWarning());

    /// <summary>Adds a warning, or ends the statement when it writes in strict mode.</summary>
    public void WarnOrFail(SqlError error)
    {
        if (IsStrictWrite && (Mode & SqlMode.Strict) != 0)
            throw error.ToException();
        Warn(error);
    }
}
