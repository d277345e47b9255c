using P2PDB.Engine.Types;

namespace P2PDB.Server;

/// <summary>Errors of the protocol itself, as MySQL words them. Source: MySQL 8.4 Error Message Reference.</summary>
internal static class ServerErrors
{
    /// <summary>ER_NET_PACKETS_OUT_OF_ORDER.</summary>
    public static readonly SqlError PacketsOutOfOrder = new(1156, "08S01", "Got packets out of order");

    /// <summary>ER_WRONG_ARGUMENTS of an execution that does not fit its statement.</summary>
    public static readonly SqlError WrongExecuteArguments =
        new(1210, "HY000", "Incorrect arguments to mysqld_stmt_execute");

    /// <summary>ER_WRONG_ARGUMENTS of long data for a parameter that is not there.</summary>
    public static readonly SqlError WrongLongDataArguments =
        new(1210, "HY000", "Incorrect arguments to mysqld_stmt_send_long_data");

    /// <summary>ER_ERROR_ON_WRITE of a cursor's rows.</summary>
    public static readonly SqlError CursorNotWritten = new(1026, "HY000", "Error writing the rows of a cursor to a scratch file");

    /// <summary>ER_ERROR_ON_READ of a cursor's rows.</summary>
    public static readonly SqlError CursorNotRead = new(1024, "HY000", "Error reading the rows of a cursor from a scratch file");

    /// <summary>ER_MALFORMED_PACKET.</summary>
    public static readonly SqlError MalformedPacket = new(1835, "HY000", "Malformed communication packet.");

    /// <summary>ER_NOT_SUPPORTED_AUTH_MODE.</summary>
    public static readonly SqlError ClientTooOld = new(1251, "08004",
        "Client does not support authentication protocol requested by server; consider upgrading MySQL client");

    /// <summary>ER_MAX_PREPARED_STMT_COUNT_REACHED.</summary>
    public static SqlError TooManyStatements(int maximum) => new(1461, "42000",
        $"Can't create more than max_prepared_stmt_count statements (current value: {maximum})");

    /// <summary>ER_UNKNOWN_STMT_HANDLER.</summary>
    public static SqlError UnknownStatement(uint id, string command) =>
        new(1243, "HY000", $"Unknown prepared statement handler ({id}) given to {command}");

    /// <summary>ER_STMT_HAS_NO_OPEN_CURSOR.</summary>
    public static SqlError NoOpenCursor(uint id) => new(1421, "HY000", $"The statement ({id}) has no open cursor.");
}
