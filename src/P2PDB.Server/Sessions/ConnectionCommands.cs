using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using P2PDB.Engine.Types;
using P2PDB.Server.Packets;
using P2PDB.Server.Transport;

namespace P2PDB.Server.Sessions;

/// <summary>Commands about the connection itself.</summary>
internal static class ConnectionCommands
{
    private const ushort MultipleStatementsOn = 0;
    private const ushort MultipleStatementsOff = 1;

    /// <summary>COM_QUIT.</summary>
    public static bool Quit(ClientSession session, ReadOnlySpan<byte> arguments) => false;

    /// <summary>COM_PING.</summary>
    public static bool Ping(ClientSession session, ReadOnlySpan<byte> arguments)
    {
        session.WriteOk();
        return true;
    }

    /// <summary>COM_INIT_DB: the rest is the schema's name.</summary>
    public static bool InitDatabase(ClientSession session, ReadOnlySpan<byte> arguments)
    {
        try
        {
            session.Engine.UseDatabase(Encoding.UTF8.GetString(arguments));
        }
        catch (SqlException exception)
        {
            session.WriteError(exception.Error);
            return true;
        }

        session.WriteOk();
        return true;
    }

    /// <summary>COM_STATISTICS answers one line of text without any header.</summary>
    public static bool Statistics(ClientSession session, ReadOnlySpan<byte> arguments)
    {
        ServerState server = session.Server;
        long uptime = Math.Max(server.Ticks.Now, 1);
        long questions = server.Database.StatementCount;
        double rate = (double)questions / uptime;
        PacketWriter writer = session.Channel.Writer;
        writer.Begin();
        writer.WriteText(string.Create(CultureInfo.InvariantCulture,
            $"Uptime: {server.Ticks.Now}  Threads: {server.Connections.Count}  Questions: {questions}  "
            + $"Slow queries: 0  Opens: 0  Flush tables: 0  Open tables: 0  Queries per second avg: {rate:F3}"));
        writer.End();
        return true;
    }

    /// <summary>COM_PROCESS_KILL: u32 connection id.</summary>
    public static bool ProcessKill(ClientSession session, ReadOnlySpan<byte> arguments)
    {
        if (!BinaryPrimitives.TryReadUInt32LittleEndian(arguments, out uint id))
        {
            session.WriteError(ServerErrors.MalformedPacket);
            return true;
        }

        if (!session.Server.Connections.TryGetValue(id, out ClientConnection? target))
        {
            session.WriteError(SqlErrors.NoSuchThread(id));
            return true;
        }

        if (target == session.Connection)
        {
            session.WriteError(SqlErrors.QueryInterrupted());
            return false;
        }

        if (session.Engine.RefusalOfKill(id) is { } refusal)
        {
            session.WriteError(refusal);
            return true;
        }

        target.Kill();
        session.WriteOk();
        return true;
    }

    /// <summary>COM_CHANGE_USER.</summary>
    public static bool ChangeUser(ClientSession session, ReadOnlySpan<byte> arguments) => session.ChangeUser(arguments);

    /// <summary>COM_RESET_CONNECTION: as new, without another login.</summary>
    public static bool ResetConnection(ClientSession session, ReadOnlySpan<byte> arguments)
    {
        session.Statements.Clear();
        session.Engine.Reset();
        session.Engine.AllowsMultipleStatements = (session.Capabilities & Capabilities.MultiStatements) != 0;
        session.WriteOk();
        return true;
    }

    /// <summary>COM_SET_OPTION: u16, multiple statements on or off. The answer is EOF, as from MySQL.</summary>
    public static bool SetOption(ClientSession session, ReadOnlySpan<byte> arguments)
    {
        if (!BinaryPrimitives.TryReadUInt16LittleEndian(arguments, out ushort option)
            || option is not (MultipleStatementsOn or MultipleStatementsOff))
        {
            session.WriteError(SqlErrors.UnknownCommand());
            return true;
        }

        session.Engine.AllowsMultipleStatements = option == MultipleStatementsOn;
        ResponsePackets.WriteEndOfRows(session.Channel.Writer, session.Capabilities,
            new OkFigures { Status = (ushort)session.Engine.Status });
        return true;
    }
}
