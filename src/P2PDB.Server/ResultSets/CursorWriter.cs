// COM_STMT_EXECUTE with a read-only cursor answers: column count · definitions · end of rows with CursorExists, without any row.
// COM_STMT_FETCH answers: up to as many binary rows as asked for · end of rows with CursorExists, or LastRowSent once none is left.
using P2PDB.Engine;
using P2PDB.Engine.Types;
using P2PDB.Server.Packets;
using P2PDB.Server.Sessions;

namespace P2PDB.Server.ResultSets;

/// <summary>
/// Keeps the rows of an execution for the client to fetch. As in MySQL they are all made at once: they stay as they were,
/// whatever is written meanwhile.
/// </summary>
internal sealed class CursorWriter(ClientSession session, CursorRows rows) : ResultSink
{
    /// <summary>SERVER_STATUS_CURSOR_EXISTS.</summary>
    private const ushort CursorExists = 1 << 6;

    /// <summary>SERVER_STATUS_LAST_ROW_SENT.</summary>
    private const ushort LastRowSent = 1 << 7;

    private ResultColumn[] _columns = [];
    private ColumnForm[] _forms = [];
    private SessionTimeZone _zone = SessionTimeZone.Utc;
    private SqlError? _failure;
    private bool _isOpen;

    /// <inheritdoc/>
    public override bool IsClosed => _failure is not null || session.Channel.IsBroken;

    /// <summary>Runs the statement; the rows that wait for the client, or null where it gave none.</summary>
    public static CursorRows? Execute(ClientSession session, ClientStatement statement)
    {
        var rows = new CursorRows(session.Server.CursorFiles);
        var sink = new CursorWriter(session, rows);
        session.Results.Begin(isBinary: true);
        try
        {
            statement.Engine.Execute(statement.Parameters, sink);
            return sink._isOpen ? rows : null;
        }
        finally
        {
            if (!sink._isOpen)
                rows.Dispose();
        }
    }

    /// <summary>Writes the next rows; false once none is left.</summary>
    public static bool Fetch(ClientSession session, CursorRows rows, uint count)
    {
        PacketWriter writer = session.Channel.Writer;
        bool hasRow = true;
        for (uint i = 0; i < count && !session.Channel.IsBroken; i++)
        {
            hasRow = rows.TryTake(out ReadOnlySpan<byte> row);
            if (!hasRow)
                break;
            writer.Begin();
            writer.WriteBytes(row);
            writer.End();
            session.Channel.FlushWhenFull();
        }

        rows.Trim();
        ushort status = (ushort)((ushort)session.Engine.Status | (hasRow ? CursorExists : LastRowSent));
        ResponsePackets.WriteEndOfRows(writer, session.Capabilities, new OkFigures { Status = status });
        return hasRow;
    }

    /// <inheritdoc/>
    public override void Columns(ReadOnlySpan<ResultColumn> columns)
    {
        // Written with the end of the rows: after definitions, clients take no error for an answer.
        _columns = columns.ToArray();
        _forms = new ColumnForm[columns.Length];
        for (int i = 0; i < columns.Length; i++)
            _forms[i] = ColumnForm.Of(columns[i]);
        _zone = session.Engine.TimeZone;
    }

    /// <inheritdoc/>
    public override void Rows(RowBatch batch)
    {
        PacketWriter writer = session.Channel.Writer;
        int count = batch.SelectedCount;
        try
        {
            for (int i = 0; i < count; i++)
            {
                writer.Begin();
                BinaryRows.Write(writer, _forms, batch, batch.RowAt(i), _zone);
                rows.Add(writer.Patch(0, writer.PayloadLength));
                writer.Abandon();
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            writer.Abandon();
            _failure = ServerErrors.CursorNotWritten;
        }
    }

    /// <inheritdoc/>
    public override void RowsDone(in StatementOutcome outcome)
    {
        if (_failure is not null)
        {
            session.Results.Fail(_failure);
            return;
        }

        _isOpen = true;
        session.Results.WriteDefinitions(_columns);
        session.Results.EndRows(outcome, CursorExists);
    }

    /// <inheritdoc/>
    public override void Ok(in StatementOutcome outcome) => session.Results.Ok(outcome);

    /// <inheritdoc/>
    public override void Fail(SqlError failure) => session.Results.Fail(_failure ?? failure);
}
