using P2PDB.Engine.Types;

namespace P2PDB.Engine.Execution.Loading;

/// <summary>Errors and warnings of LOAD DATA alone. Source: MySQL 8.4 Error Message Reference.</summary>
internal static class LoadErrors
{
    /// <summary>Error 3948: the file stays with the client.</summary>
    public static readonly SqlError LocalDisabled =
        new(3948, "42000", "Loading local data is disabled; this must be enabled on both the client and server sides");

    /// <summary>Error 1083: an enclosure or escape of more than one character.</summary>
    public static readonly SqlError WrongSeparator =
        new(1083, "42000", "Field separator argument is not what is expected; check the manual");

    /// <summary>Error 1158: the client went away before the end of its file.</summary>
    public static readonly SqlError ReadFailed = new(1158, "08S01", "Got an error reading communication packets");

    /// <summary>Error 1261: a line that ends before its last column.</summary>
    public static SqlError TooFewFields(long row) =>
        new(1261, "01000", $"Row {row} doesn't contain data for all columns");

    /// <summary>Error 1262: a line that goes on after its last column.</summary>
    public static SqlError TooManyFields(long row) =>
        new(1262, "01000", $"Row {row} was truncated; it contained more data than there were input columns");

    /// <summary>Error 1263: \N for a column that is NOT NULL.</summary>
    public static SqlError NullToNotNull(string column, long row) =>
        new(1263, "22004", $"Column set to default value; NULL supplied to NOT NULL column '{column}' at row {row}");

    /// <summary>Error 13: a file of the server that is not there or cannot be asked about.</summary>
    public static SqlError CannotStat(string path, int errno, string reason) =>
        new(13, "HY000", $"Can't get stat of '{path}' (OS errno {errno} - {reason})");

    /// <summary>Error 29: a file of the server that cannot be opened.</summary>
    public static SqlError CannotOpen(string path, int errno, string reason) =>
        new(29, "HY000", $"File '{path}' not found (OS errno {errno} - {reason})");

    /// <summary>Error 2: reading a file of the server failed.</summary>
    public static SqlError CannotRead(string reason) => new(2, "HY000", $"Error reading file: {reason}");
}
