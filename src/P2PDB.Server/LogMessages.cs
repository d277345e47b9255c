using System.Net;
using Microsoft.Extensions.Logging;

namespace P2PDB.Server;

/// <summary>Everything this assembly logs. Numbers 5000 to 5999.</summary>
internal static partial class LogMessages
{
    [LoggerMessage(5001, LogLevel.Information, "MySQL clients are served on {EndPoint}")]
    public static partial void Listening(ILogger logger, EndPoint endPoint);

    [LoggerMessage(5002, LogLevel.Information, "The MySQL server stops; {Count} connections are open")]
    public static partial void Stopping(ILogger logger, int count);

    [LoggerMessage(5003, LogLevel.Warning, "{Count} connections were cut off after the stop's time-out")]
    public static partial void StopTimedOut(ILogger logger, int count);

    [LoggerMessage(5004, LogLevel.Warning, "A client cannot be accepted: {Reason}")]
    public static partial void AcceptFailed(ILogger logger, string reason);

    [LoggerMessage(5005, LogLevel.Warning, "A client was turned away: {Maximum} connections are open already")]
    public static partial void TooManyConnections(ILogger logger, int maximum);

    [LoggerMessage(5101, LogLevel.Debug, "Connection {Id} from {Remote} opened")]
    public static partial void ConnectionOpened(ILogger logger, uint id, EndPoint? remote);

    [LoggerMessage(5102, LogLevel.Debug, "Connection {Id} ended")]
    public static partial void ConnectionEnded(ILogger logger, uint id);

    [LoggerMessage(5103, LogLevel.Debug, "Connection {Id} timed out")]
    public static partial void ConnectionTimedOut(ILogger logger, uint id);

    [LoggerMessage(5104, LogLevel.Error, "Connection {Id} was ended by an unexpected failure")]
    public static partial void ConnectionFailed(ILogger logger, uint id, Exception exception);

    [LoggerMessage(5106, LogLevel.Debug, "Connection {Id} could not agree on TLS")]
    public static partial void TlsFailed(ILogger logger, uint id);

    [LoggerMessage(5105, LogLevel.Debug, "Connection {Id} was denied access")]
    public static partial void AccessDenied(ILogger logger, uint id);
}
