using P2PDB.Engine;
using P2PDB.Engine.Types;
using P2PDB.Server.Packets;
using P2PDB.Server.Sessions;

namespace P2PDB.Server.ResultSets;

/// <summary>
/// Turns the engine's answer into packets. Rows are sent on as soon as enough wait, so that a large result needs little
/// memory and the client's own pace holds the engine back; a small answer leaves in one piece.
/// </summary>
internal sealed class ResultSetWriter(ClientSession session) : ResultSink
{
    private readonly PacketChannel _channel = session.Channel;
    private ColumnForm[] _forms = [];
    private int _columnCount;
    private bool _isBinary;
    private bool _isAnswered;
    private SessionTimeZone _zone = SessionTimeZone.Utc;

    /// <inheritdoc/>
    public override bool IsClosed => _channel.IsBroken;

    /// <summary>Prepares for the answer to one command.</summary>
    public void Begin(bool isBinary)
    {
        _isBinary = isBinary;
        _isAnswered = false;
    }

    /// <summary>Ends the command; false when the client is gone.</summary>
    public bool Finish()
    {
        if (!_isAnswered && !_channel.IsBroken)
            session.WriteError(SqlErrors.UnknownError("the statement ended without an answer"));
        return !_channel.IsBroken;
    }

    /// <inheritdoc/>
    public override Stream? OpenClientFile(string name) => ClientFile.Request(session, name);

    /// <inheritdoc/>
    public override void Columns(ReadOnlySpan<ResultColumn> columns)
    {
        WriteDefinitions(columns);
        if (_forms.Length < columns.Length)
            _forms = new ColumnForm[columns.Length];
        for (int i = 0; i < columns.Length; i++)
            _forms[i] = ColumnForm.Of(columns[i]);

        _columnCount = columns.Length;
        _zone = session.Engine.TimeZone;
        if ((session.Capabilities & Capabilities.DeprecateEof) == 0)
            ResponsePackets.WriteEof(_channel.Writer, 0, (ushort)session.Engine.Status);
    }

    /// <summary>Writes how many columns there are, and each of them.</summary>
    public void WriteDefinitions(ReadOnlySpan<ResultColumn> columns)
    {
        PacketWriter writer = _channel.Writer;
        writer.Begin();
        writer.WriteLengthEncoded((ulong)columns.Length);
        writer.End();
        foreach (ResultColumn column in columns)
            ColumnDefinitionPacket.Write(writer, column);
    }

    /// <inheritdoc/>
    public override void Rows(RowBatch batch)
    {
        PacketWriter writer = _channel.Writer;
        ReadOnlySpan<ColumnForm> forms = _forms.AsSpan(0, _columnCount);
        int count = batch.SelectedCount;
        for (int i = 0; i < count && !_channel.IsBroken; i++)
        {
            writer.Begin();
            if (_isBinary)
                BinaryRows.Write(writer, forms, batch, batch.RowAt(i), _zone);
            else
                TextRows.Write(writer, forms, batch, batch.RowAt(i), _zone);
            writer.End();
            _channel.FlushWhenFull();
        }
    }

    /// <inheritdoc/>
    public override void RowsDone(in StatementOutcome outcome) => EndRows(outcome, moreStatus: 0);

    /// <summary>Ends the rows with more bits in the status than the session's own.</summary>
    public void EndRows(in StatementOutcome outcome, ushort moreStatus)
    {
        OkFigures figures = FiguresOf(outcome);
        ResponsePackets.WriteEndOfRows(_channel.Writer, session.Capabilities,
            figures with { Status = (ushort)(figures.Status | moreStatus) });
        _isAnswered = true;
    }

    /// <inheritdoc/>
    public override void Ok(in StatementOutcome outcome)
    {
        ResponsePackets.WriteOk(_channel.Writer, session.Capabilities, FiguresOf(outcome));
        _isAnswered = true;
    }

    /// <inheritdoc/>
    public override void Fail(SqlError failure)
    {
        _channel.Writer.Abandon();
        session.WriteError(failure);
        _isAnswered = true;
    }

    private OkFigures FiguresOf(in StatementOutcome outcome) => new()
    {
        AffectedRows = outcome.AffectedRows,
        LastInsertId = outcome.LastInsertId,
        Warnings = (ushort)Math.Min(outcome.Warnings, ushort.MaxValue),
        Status = (ushort)outcome.Status,
        Message = outcome.Message,
        ChangedSchema = session.TakeChangedSchema(),
    };
}
