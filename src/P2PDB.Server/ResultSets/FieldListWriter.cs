using P2PDB.Engine;
using P2PDB.Engine.Types;
using P2PDB.Server.Packets;
using P2PDB.Server.Sessions;

namespace P2PDB.Server.ResultSets;

/// <summary>Answers COM_FIELD_LIST: definitions without their count and without rows.</summary>
internal sealed class FieldListWriter(ClientSession session) : ResultSink
{
    /// <inheritdoc/>
    public override void Columns(ReadOnlySpan<ResultColumn> columns)
    {
        foreach (ResultColumn column in columns)
            ColumnDefinitionPacket.WriteWithDefault(session.Channel.Writer, column);
    }

    /// <inheritdoc/>
    public override void Rows(RowBatch batch)
    {
    }

    /// <inheritdoc/>
    public override void RowsDone(in StatementOutcome outcome) => Ok(outcome);

    /// <inheritdoc/>
    public override void Ok(in StatementOutcome outcome) => ResponsePackets.WriteEndOfRows(
        session.Channel.Writer, session.Capabilities, new OkFigures { Status = (ushort)outcome.Status });

    /// <inheritdoc/>
    public override void Fail(SqlError failure) => session.WriteError(failure);
}
