using P2PDB.Engine;
using P2PDB.Engine.Types;
using P2PDB.Server.Packets;
using P2PDB.Server.ResultSets;

namespace P2PDB.Server.Sessions;

/// <summary>Commands about prepared statements.</summary>
internal static class StatementCommands
{
    /// <summary>
    /// COM_STMT_PREPARE: the rest is one statement. Answer: u8 0, u32 id, u16 columns, u16 parameters, u8 0, u16 warnings,
    /// then the parameters' and the columns' definitions.
    /// </summary>
    public static bool Prepare(ClientSession session, ReadOnlySpan<byte> arguments)
    {
        if (session.Statements.IsFull)
        {
            session.WriteError(ServerErrors.TooManyStatements(session.Statements.CountMax));
            return true;
        }

        ClientStatement statement;
        try
        {
            statement = session.Statements.Add(session.Engine.Prepare(arguments));
        }
        catch (SqlException exception)
        {
            session.WriteError(exception.Error);
            return true;
        }

        ReadOnlySpan<ResultColumn> columns = statement.Engine.Columns;
        PacketWriter writer = session.Channel.Writer;
        writer.Begin();
        writer.WriteByte(0);
        writer.WriteUInt32(statement.Id);
        writer.WriteUInt16((ushort)columns.Length);
        writer.WriteUInt16((ushort)statement.ParameterCount);
        writer.WriteByte(0);
        writer.WriteUInt16(0);
        writer.End();

        for (int i = 0; i < statement.ParameterCount; i++)
            ColumnDefinitionPacket.Write(writer, ColumnDefinitionPacket.Parameter);
        EndDefinitions(session, statement.ParameterCount);
        foreach (ResultColumn column in columns)
            ColumnDefinitionPacket.Write(writer, column);
        EndDefinitions(session, columns.Length);
        return true;
    }

    /// <summary>COM_STMT_EXECUTE: u32 id, then what <see cref="ExecuteParameters"/> reads.</summary>
    public static bool Execute(ClientSession session, ReadOnlySpan<byte> arguments)
    {
        var reader = new PayloadReader(arguments);
        if (!reader.TryReadUInt32(out uint id))
        {
            session.WriteError(ServerErrors.MalformedPacket);
            return true;
        }

        if (!session.Statements.TryGet(id, out ClientStatement? statement))
        {
            session.WriteError(ServerErrors.UnknownStatement(id, "mysqld_stmt_execute"));
            return true;
        }

        SqlError? problem = statement.PendingError;
        bool hasAttributes = (session.Capabilities & Capabilities.QueryAttributes) != 0;
        if (problem is null && !ExecuteParameters.TryRead(reader.Rest, statement, hasAttributes))
            problem = ServerErrors.WrongExecuteArguments;
        statement.ForgetLongData();
        if (problem is not null)
        {
            session.WriteError(problem);
            return true;
        }

        statement.ReplaceCursor(null);
        if (ExecuteParameters.WantsCursor(reader.Rest) && statement.Engine.Columns.Length > 0)
        {
            statement.ReplaceCursor(CursorWriter.Execute(session, statement));
        }
        else
        {
            session.Results.Begin(isBinary: true);
            statement.Engine.Execute(statement.Parameters, session.Results);
        }

        statement.Trim();
        return session.Results.Finish();
    }

    /// <summary>COM_STMT_FETCH: u32 id, u32 number of rows; see <see cref="CursorWriter"/>.</summary>
    public static bool Fetch(ClientSession session, ReadOnlySpan<byte> arguments)
    {
        var reader = new PayloadReader(arguments);
        if (!reader.TryReadUInt32(out uint id) || !reader.TryReadUInt32(out uint count))
        {
            session.WriteError(ServerErrors.MalformedPacket);
            return true;
        }

        if (!session.Statements.TryGet(id, out ClientStatement? statement))
        {
            session.WriteError(ServerErrors.UnknownStatement(id, "mysqld_stmt_fetch"));
            return true;
        }

        if (statement.Cursor is not { } cursor)
        {
            session.WriteError(ServerErrors.NoOpenCursor(id));
            return true;
        }

        try
        {
            if (!CursorWriter.Fetch(session, cursor, count))
                statement.ReplaceCursor(null);
        }
        catch (IOException)
        {
            statement.ReplaceCursor(null);
            session.WriteError(ServerErrors.CursorNotRead);
        }

        return true;
    }

    /// <summary>COM_STMT_SEND_LONG_DATA: u32 id, u16 parameter, data. It has no answer; errors wait for the execution.</summary>
    public static bool SendLongData(ClientSession session, ReadOnlySpan<byte> arguments)
    {
        var reader = new PayloadReader(arguments);
        if (reader.TryReadUInt32(out uint id) && reader.TryReadUInt16(out ushort index)
            && session.Statements.TryGet(id, out ClientStatement? statement))
        {
            statement.AppendLongData(index, reader.Rest, session.Server.Options.PacketLengthMax);
        }

        return true;
    }

    /// <summary>COM_STMT_CLOSE: u32 id. It has no answer.</summary>
    public static bool Close(ClientSession session, ReadOnlySpan<byte> arguments)
    {
        var reader = new PayloadReader(arguments);
        if (reader.TryReadUInt32(out uint id))
            session.Statements.Remove(id);
        return true;
    }

    /// <summary>COM_STMT_RESET: u32 id; forgets long data and closes the cursor.</summary>
    public static bool Reset(ClientSession session, ReadOnlySpan<byte> arguments)
    {
        var reader = new PayloadReader(arguments);
        if (!reader.TryReadUInt32(out uint id) || !session.Statements.TryGet(id, out ClientStatement? statement))
        {
            session.WriteError(ServerErrors.UnknownStatement(id, "mysqld_stmt_reset"));
            return true;
        }

        statement.ForgetLongData();
        statement.ReplaceCursor(null);
        session.WriteOk();
        return true;
    }

    private static void EndDefinitions(ClientSession session, int count)
    {
        if (count > 0 && (session.Capabilities & Capabilities.DeprecateEof) == 0)
            ResponsePackets.WriteEof(session.Channel.Writer, 0, (ushort)session.Engine.Status);
    }
}
